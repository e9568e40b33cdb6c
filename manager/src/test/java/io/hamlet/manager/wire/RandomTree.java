package io.hamlet.manager.wire;

import io.hamlet.core.model.ConditionType;
import io.hamlet.core.model.Entity;
import io.hamlet.core.model.Lane;
import io.hamlet.core.model.Limits;
import io.hamlet.core.model.Name;
import io.hamlet.core.recovery.Channel;
import io.hamlet.core.recovery.ChannelId;
import io.hamlet.core.recovery.Client;
import io.hamlet.core.recovery.Effect;
import io.hamlet.core.recovery.ErrandBook;
import io.hamlet.core.recovery.HamState;
import io.hamlet.core.recovery.Occurrence;
import io.hamlet.core.recovery.OpenEffect;
import io.hamlet.core.recovery.OpenEffect.Purpose;
import io.hamlet.core.recovery.OpenEffect.Work;
import io.hamlet.core.recovery.Reply;
import io.hamlet.core.recovery.Trigger;
import java.util.function.Supplier;
import org.pcollections.PVector;
import org.pcollections.TreePMap;
import org.pcollections.TreePVector;

/**
 * Whole random trees, valid by the records' own checks though not by the machine's rules: each
 * field takes any value that its type allows. The same seed gives the same tree.
 */
public final class RandomTree extends RandomEvents {
  public RandomTree(long seed) {
    super(seed);
  }

  /** Any state. */
  public HamState state() {
    TreePMap<Name, Entity> entities = TreePMap.empty();
    for (int i = few(FEW); i > 0; i--) {
      Entity entity = entity();
      entities = entities.plus(entity.name(), entity);
    }
    return new HamState(
        text(),
        text(),
        entryId(),
        effectId(),
        number(),
        entities,
        entity(),
        lanes(),
        map(FEW, this::effectId, () -> new OpenEffect(purpose(), work())),
        map(FEW, () -> new HamState.Deadline(number(), effectId()), this::effectId),
        map(
            FEW,
            this::number,
            () -> new Client(map(FEW, this::number, this::answered), number(), number())),
        map(FEW, () -> new ChannelId(number(), integer()), this::channel),
        errands(),
        new RandomSam(below(1 << 30)).book(),
        new HamState.Pair(number(), number(), number(), number(), moment(), orNull(this::moment)),
        integer(),
        bool(),
        bool(),
        number(),
        number(),
        limits());
  }

  private TreePMap<Lane, PVector<Occurrence>> lanes() {
    return map(FEW, () -> new Lane(number()), () -> TreePVector.from(list(FEW, this::occurrence)));
  }

  private Occurrence occurrence() {
    return new Occurrence(
        name(),
        number(),
        name(),
        number(),
        new Trigger(
            pick(ConditionType.values()), name(), number(), number(), number(), text(), text()),
        number(),
        orNull(() -> new Occurrence.Running(number(), number(), effectId(), below(99))));
  }

  private Purpose purpose() {
    return one(
        () -> new Purpose.ForLane(new Lane(number())),
        () -> new Purpose.ForAttach(name(), number(), requestId(), bool()),
        () -> new Purpose.ForStop(requestId(), bool(), number()),
        () -> new Purpose.ForQuell(name(), number(), text()),
        () -> new Purpose.ForResume(name(), number(), bool()),
        () -> new Purpose.ForNow(text()),
        () -> new Purpose.ForSam(name(), number()),
        () -> new Purpose.ForErrand(errandId()));
  }

  private Work work() {
    return one(
        () ->
            new Work.Start(
                spec(),
                variables(),
                text(),
                pick(Effect.House.values()),
                orNull(this::remains),
                orNull(this::processId),
                orNull(this::text),
                number(),
                bool()),
        () -> new Work.Delay(number()),
        () -> new Work.Wait(text(), number()),
        () -> new Work.Signalling(processId(), integer(), integer(), number()),
        () -> new Work.Asking(errand(), number()),
        () -> new Work.Quelling(list(FEW, this::remains), number(), text()));
  }

  private Effect.Remains remains() {
    return new Effect.Remains(processId(), orNull(this::text));
  }

  private Client.Answered answered() {
    return one(() -> new Client.Pending(), () -> new Client.Given(reply()));
  }

  private Reply reply() {
    return one(
        () -> new Reply.Ok(),
        () -> new Reply.Number(number()),
        () -> new Reply.Handle(number(), number()),
        () -> new Reply.No(rejection()));
  }

  private Channel channel() {
    return new Channel(
        processId(),
        number(),
        TreePVector.from(list(FEW, () -> new Channel.Pulse(number(), integer(), number()))));
  }

  private ErrandBook errands() {
    return new ErrandBook(
        number(),
        map(
            FEW,
            () -> "n" + below(20),
            () ->
                map(
                    FEW,
                    this::effectId,
                    () -> new ErrandBook.Taken(number(), orNull(this::fate)))));
  }

  private Limits limits() {
    return new Limits(
        integer(), integer(), integer(), integer(), integer(), integer(), integer(), integer(),
        integer(), integer(), integer());
  }

  private <K extends Comparable<K>, V> TreePMap<K, V> map(
      int most, Supplier<K> key, Supplier<V> value) {
    TreePMap<K, V> map = TreePMap.empty();
    for (int i = few(most); i > 0; i--) {
      map = map.plus(key.get(), value.get());
    }
    return map;
  }
}
