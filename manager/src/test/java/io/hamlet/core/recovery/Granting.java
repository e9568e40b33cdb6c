package io.hamlet.core.recovery;

import io.hamlet.core.model.Action;
import io.hamlet.core.model.Condition;
import io.hamlet.core.model.ConditionType;
import io.hamlet.core.model.Deed;
import io.hamlet.core.model.Entity;
import io.hamlet.core.model.Filter;
import io.hamlet.core.model.Flags;
import io.hamlet.core.model.Grant;
import io.hamlet.core.model.Limits;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.RestartPolicy;
import java.time.Duration;
import java.util.List;

/** What the cluster says to a node about its entities, over few names so that they meet. */
public final class Granting {
  private Granting() {}

  static HamEvent granted(HamState state, Move m) {
    Name name = plain(m.a());
    Entity own = state.entity(name);
    Entity here = state.entity(Grant.local(name));
    long index =
        here != null && m.b() % 3 != 0
            ? here.grant().index()
            : 1 + state.granted() + m.b() % 3 - m.c() % 5 / 4;
    Grant grant = new Grant(Math.max(1, index), 1 + m.a() % 5 / 4, m.c() % 4, m.c() % 3 == 2);
    boolean likeOwn = own != null && m.b() % 2 == 0;
    return new HamEvent.Granted(name, grant, likeOwn ? own : definition(name, policy(m.c())));
  }

  static HamEvent revoked(HamState state, Move m) {
    Name name = plain(m.a());
    Entity here = state.entity(Grant.local(name));
    long index = here != null && m.b() % 5 != 0 ? here.grant().index() : m.b();
    return new HamEvent.Revoked(name, index, "chance", Duration.ofMillis(m.c() % 3));
  }

  private static Name plain(int a) {
    return new Name("e" + a % 4);
  }

  private static RestartPolicy policy(int c) {
    return c % 2 == 0 ? Words.budget(1) : Words.backOff(3, 10);
  }

  /** {@code /bin/NAME}, restarted at each death and never given up. */
  public static Entity definition(Name name) {
    return definition(name, RestartPolicy.NONE);
  }

  /** {@code /bin/NAME}, restarted at each death, as the tree of the cluster has it. */
  static Entity definition(Name name, RestartPolicy policy) {
    Flags.OfAction again = new Flags.OfAction(Flags.OfAction.REARM);
    Action restart =
        new Action(
            new Name("again"), 7, new Deed.Restart(List.of(), policy), again, true, List.of());
    Condition died =
        new Condition(
            new Name("died"),
            6,
            ConditionType.DEATH,
            Filter.NONE,
            new Flags.OfCondition(Flags.OfCondition.REARM),
            true,
            List.of(restart));
    Condition lost =
        new Condition(
            new Name("lost"),
            8,
            ConditionType.NODE_LOST,
            Filter.NONE,
            new Flags.OfCondition(Flags.OfCondition.REARM),
            true,
            List.of());
    Entity any = HamState.empty("*", Limits.DEFAULT).global();
    return new Entity(
        name,
        5,
        Entity.Shape.UNATTACHED,
        any.flags(),
        true,
        Words.program("/bin/" + name),
        any.life(),
        0,
        null,
        List.of(died, lost),
        List.of(),
        any.tally(),
        null,
        any.stats(),
        null);
  }
}
