package io.hamlet.manager.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.model.Action;
import io.hamlet.core.model.Condition;
import io.hamlet.core.model.ConditionType;
import io.hamlet.core.model.Deed;
import io.hamlet.core.model.Entity;
import io.hamlet.core.model.Exit;
import io.hamlet.core.model.Filter;
import io.hamlet.core.model.Flags;
import io.hamlet.core.model.Heartbeat;
import io.hamlet.core.model.Life;
import io.hamlet.core.model.Limits;
import io.hamlet.core.model.Moment;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.ProcessSpec;
import io.hamlet.core.model.RestartPolicy;
import io.hamlet.core.model.Tally;
import io.hamlet.core.recovery.HamState;
import io.hamlet.v1.TreeObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The texts to the byte: golden files, and the sizes that QNX's own listing shows (ham.md 6.1). */
class InfoTextTest {
  private static final long CREATED = nanos("2001-08-30T22:04:06Z") + 12_345_678;
  private static final long BEAT = nanos("2001-08-30T22:04:09Z") + 28_460_000;
  private final InfoText text = new InfoText(ZoneOffset.UTC, e -> e.userState() == 0 ? BEAT : 0);
  private final HamState state = state();

  @ParameterizedTest
  @CsvSource({
    "'', top",
    ".global, global",
    "inetd, entity",
    "beater, beating-entity",
    "silent, never-beaten-entity",
    "inetd/death, condition",
    "inetd/state, state-condition",
    "inetd/raise, raise-condition",
    "inetd/death/restart, restart",
    "inetd/death/own, restart-own",
    "inetd/death/execute, execute",
    "inetd/death/waitfor, waitfor",
    "inetd/death/delay, waitfor-delay",
    "inetd/death/pulse, pulse",
    "inetd/death/signal, signal",
    "inetd/death/signal-self, signal-self",
    "inetd/death/healthy, healthy",
    "inetd/death/log, log"
  })
  void isWhatTheGoldenFileHas(String path, String file) throws IOException {
    List<TreeObject> found = new TreeWriter(text).read(state, path, 0, 10);
    assertThat(found).hasSize(1);
    assertThat(found.getFirst().getInfo()).isEqualTo(golden(file));
  }

  /** A listing in print shows 175, 173 and 126 bytes for pids of eight digits. */
  @Test
  void theSizesAreThoseOfThePublishedListing() {
    HamState printed =
        new TreeState(new HamState.Pair(10_000_001, 10_000_002, 0, 0, Moment.ZERO, null))
            .with(
                entity(
                    "inetd",
                    10_000_003,
                    null,
                    List.of(
                        condition(
                            "death",
                            ConditionType.DEATH,
                            Filter.NONE,
                            List.of(action("restart", new Deed.HeartbeatHealthy()))))))
            .state();
    List<TreeObject> all = new TreeWriter(text).read(printed, "", -1, 10);
    assertThat(all)
        .filteredOn(o -> List.of("", "inetd", "inetd/death").contains(o.getPath()))
        .extracting(o -> o.getInfo().getBytes(StandardCharsets.UTF_8).length)
        .containsExactly(175, 173, 126);
  }

  private static HamState state() {
    Entity inetd =
        entity(
            "inetd",
            479_246,
            null,
            List.of(
                condition("death", ConditionType.DEATH, Filter.NONE, actions()),
                condition("state", ConditionType.STATE, new Filter.Transition(3, 4), List.of()),
                condition("raise", ConditionType.RAISE, new Filter.Raise(1, 0, 5), List.of())));
    Entity beater =
        entity(
            "beater",
            7,
            new Heartbeat(1_000_000_000, 5, 10, Heartbeat.Health.MISSED_HIGH, 0, 1),
            List.of());
    Entity silent =
        entity(
                "silent",
                8,
                new Heartbeat(1_000_000_000, 0, 10, Heartbeat.Health.OK, 0, 1),
                List.of())
            .withUserState(9)
            .withExit(Exit.signaled(9, false))
            .withStats(
                new Entity.Stats(
                    new Moment(0, CREATED),
                    new Moment(0, CREATED + 1),
                    new Moment(0, CREATED + 2),
                    3,
                    4,
                    5,
                    6,
                    5));
    return new TreeState(new HamState.Pair(462_871, 462_872, 1, 2, Moment.ZERO, null))
        .with(inetd)
        .with(beater)
        .with(silent)
        .state();
  }

  private static List<Action> actions() {
    return List.of(
        action(
            "restart",
            new Deed.Restart(List.of("/usr/sbin/inetd", "-D", "a b"), RestartPolicy.NONE)),
        action("own", new Deed.Restart(List.of(), RestartPolicy.NONE)),
        action("execute", new Deed.Execute(List.of("/bin/mail", "it's"), "")),
        action("waitfor", new Deed.WaitFor("/tmp/ready", Duration.ofMillis(2500))),
        action("delay", new Deed.WaitFor("", Duration.ofMillis(10))),
        action("pulse", new Deed.Pulse("beta", 42, 1, 7, -1)),
        action("signal", new Deed.Signal("", new ProcessId(43, 1), 34, 8, 9)),
        action("signal-self", new Deed.Signal("", null, 9, 0, 0)),
        action("healthy", new Deed.HeartbeatHealthy()),
        action("log", new Deed.Log("it died\nEntity Pid      : 0", true, 2)));
  }

  private static Entity entity(
      String name, long pid, Heartbeat heartbeat, List<Condition> conditions) {
    return new Entity(
        new Name(name),
        2,
        heartbeat == null ? Entity.Shape.ATTACHED : Entity.Shape.ATTACHEDSELF,
        Flags.OfEntity.NONE,
        true,
        ProcessSpec.of(List.of("/usr/sbin/" + name)),
        new Life.Up(new ProcessId(pid, 1), 1, ""),
        0,
        heartbeat,
        conditions,
        List.of(),
        Tally.EMPTY,
        null,
        Entity.Stats.born(new Moment(0, CREATED)),
        null);
  }

  private static Condition condition(
      String name, ConditionType type, Filter filter, List<Action> actions) {
    int flags = type.isDeath() ? Flags.OfCondition.REARM : 0;
    return new Condition(
        new Name(name), 3, type, filter, new Flags.OfCondition(flags), true, actions);
  }

  private static Action action(String name, Deed deed) {
    return new Action(
        new Name(name), 4, deed, new Flags.OfAction(Flags.OfAction.REARM), true, List.of());
  }

  private static long nanos(String instant) {
    return Instant.parse(instant).getEpochSecond() * 1_000_000_000;
  }

  private static String golden(String file) throws IOException {
    try (InputStream in = InfoTextTest.class.getResourceAsStream("/info/" + file + ".info")) {
      assertThat(in).as("golden file " + file).isNotNull();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** A state with these entities in it. */
  private record TreeState(HamState state) {
    TreeState(HamState.Pair pair) {
      this(paired(pair));
    }

    TreeState with(Entity entity) {
      HamState s = state;
      return new TreeState(copy(s, s.entities().plus(entity.name(), entity), s.pair()));
    }

    private static HamState paired(HamState.Pair pair) {
      HamState empty = HamState.empty("alpha", Limits.DEFAULT);
      return copy(empty, empty.entities(), pair);
    }

    private static HamState copy(
        HamState s, org.pcollections.TreePMap<Name, Entity> entities, HamState.Pair pair) {
      return new HamState(
          s.node(),
          s.boot(),
          s.last(),
          s.told(),
          s.nextUid(),
          entities,
          s.global(),
          s.lanes(),
          s.open(),
          s.deadlines(),
          s.clients(),
          s.channels(),
          s.errands(),
          s.sam(),
          pair,
          s.verbosity(),
          s.beatsSuspended(),
          s.stopping(),
          s.right(),
          s.granted(),
          s.limits());
    }
  }
}
