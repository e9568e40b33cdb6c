package io.hamlet.manager.wire;

import io.hamlet.core.model.Action;
import io.hamlet.core.model.Condition;
import io.hamlet.core.model.ConditionType;
import io.hamlet.core.model.Entity;
import io.hamlet.core.model.Exit;
import io.hamlet.core.model.Grant;
import io.hamlet.core.model.Life;
import io.hamlet.core.model.Tally;

/** Random entities with all that is in them. */
class RandomEntities extends RandomParts {
  static final int FEW = 4;

  RandomEntities(long seed) {
    super(seed);
  }

  /** Any entity. */
  public Entity entity() {
    return new Entity(
        name(),
        number(),
        pick(Entity.Shape.values()),
        entityFlags(),
        bool(),
        orNull(this::spec),
        life(),
        integer(),
        orNull(this::heartbeat),
        list(FEW, this::condition),
        list(
            FEW,
            () ->
                new Entity.PendingDeath(
                    number(), below(9), bool(), orNull(this::processId), orNull(this::text))),
        new Tally(list(FEW, this::number), integer()),
        orNull(this::exit),
        new Entity.Stats(
            moment(),
            orNull(this::moment),
            orNull(this::moment),
            number(),
            number(),
            number(),
            number(),
            number()),
        orNull(this::grant));
  }

  Condition condition() {
    return new Condition(
        name(),
        number(),
        pick(ConditionType.values()),
        filter(),
        conditionFlags(),
        bool(),
        list(FEW, this::action));
  }

  private Action action() {
    return new Action(
        name(),
        number(),
        deed(),
        actionFlags(),
        bool(),
        list(2, () -> new Action.FailItem(name(), number(), deed())));
  }

  private Life life() {
    return one(
        () -> new Life.None(),
        () -> new Life.Starting(effectId(), orNull(this::processId), number()),
        () -> new Life.Up(processId(), number(), orNull(this::text)),
        () -> new Life.DiedUnseen(processId(), number(), orNull(this::text), exit()),
        () -> new Life.GaveUp(number(), processId(), orNull(this::text)),
        () -> new Life.Stopped(number()));
  }

  Grant grant() {
    return new Grant(1 + below(1000), 1 + below(9), below(1000), bool());
  }

  Exit exit() {
    return new Exit(pick(Exit.Kind.values()), integer(), bool());
  }
}
