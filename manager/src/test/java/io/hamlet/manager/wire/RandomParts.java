package io.hamlet.manager.wire;

import io.hamlet.core.model.Deed;
import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.EntryId;
import io.hamlet.core.model.Errand;
import io.hamlet.core.model.ErrandId;
import io.hamlet.core.model.Filter;
import io.hamlet.core.model.Flags;
import io.hamlet.core.model.Heartbeat;
import io.hamlet.core.model.Moment;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.ObjectPath;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.ProcessSpec;
import io.hamlet.core.model.Proof;
import io.hamlet.core.model.RequestId;
import io.hamlet.core.model.RestartPolicy;
import io.hamlet.core.model.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/** Random values of the small types, edges more often than chance would have it. */
class RandomParts {
  private static final long DAY = Duration.ofDays(366).toNanos();
  private static final String[] TEXTS = {"", "a", "/srv/x", "grün", "日本", "😀 smile", "a\u0000b"};

  private final Random random;

  RandomParts(long seed) {
    this.random = new Random(seed * 0x9E3779B97F4A7C15L);
  }

  boolean bool() {
    return random.nextBoolean();
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  int few(int most) {
    return random.nextInt(most);
  }

  int integer() {
    return switch (below(6)) {
      case 0 -> 0;
      case 1 -> Integer.MAX_VALUE;
      case 2 -> Integer.MIN_VALUE;
      case 3 -> random.nextInt();
      default -> below(100);
    };
  }

  long number() {
    return switch (below(6)) {
      case 0 -> 0;
      case 1 -> Long.MAX_VALUE;
      case 2 -> Long.MIN_VALUE;
      case 3 -> random.nextLong();
      default -> below(100_000);
    };
  }

  String text() {
    return TEXTS[below(TEXTS.length)] + (bool() ? below(1000) : "");
  }

  <T> T pick(T[] values) {
    return values[below(values.length)];
  }

  <T> T orNull(Supplier<T> value) {
    return bool() ? value.get() : null;
  }

  @SafeVarargs
  final <T> T one(Supplier<? extends T>... kinds) {
    return kinds[below(kinds.length)].get();
  }

  <T> List<T> list(int most, Supplier<T> value) {
    List<T> list = new ArrayList<>();
    for (int i = few(most); i > 0; i--) {
      list.add(value.get());
    }
    return list;
  }

  Name name() {
    return bool() ? new Name("n" + below(1000)) : new Name("käse 😀" + below(1000));
  }

  EntryId entryId() {
    return new EntryId(number(), number(), number());
  }

  EffectId effectId() {
    return new EffectId(entryId(), integer());
  }

  Moment moment() {
    return new Moment(number(), number());
  }

  ProcessId processId() {
    return new ProcessId(number(), number());
  }

  RequestId requestId() {
    return new RequestId(number(), number(), number());
  }

  Target target() {
    Name condition = orNull(this::name);
    Name action = condition == null ? null : orNull(this::name);
    return new Target(new ObjectPath(name(), condition, action), number());
  }

  Flags.OfEntity entityFlags() {
    return new Flags.OfEntity(bool() ? Flags.OfEntity.KEEP_ON_DEATH : 0);
  }

  Flags.OfCondition conditionFlags() {
    return new Flags.OfCondition(random.nextInt() & 0xf01f);
  }

  Flags.OfAction actionFlags() {
    return new Flags.OfAction(random.nextInt() & 0xf);
  }

  Filter filter() {
    return one(
        () -> new Filter.None(),
        () -> new Filter.Transition(integer(), integer()),
        () -> new Filter.Raise(integer(), integer(), integer()),
        () -> new Filter.Proven(pick(Proof.values())));
  }

  Heartbeat heartbeat() {
    int high = below(50);
    return new Heartbeat(
        Heartbeat.MIN_PERIOD_NANOS + random.nextLong(DAY - Heartbeat.MIN_PERIOD_NANOS),
        below(high + 1),
        high,
        pick(Heartbeat.Health.values()),
        integer(),
        number());
  }

  List<String> argv() {
    List<String> argv = new ArrayList<>(List.of("/bin/p" + below(100)));
    argv.addAll(list(4, () -> text().replace("\u0000", "")));
    return argv;
  }

  List<ProcessSpec.Variable> variables() {
    return list(3, () -> new ProcessSpec.Variable("V" + below(9), text().replace("\u0000", "")));
  }

  ProcessSpec spec() {
    return new ProcessSpec(
        argv(),
        variables(),
        path(),
        text(),
        list(3, () -> new ProcessSpec.Limit(text(), number())),
        path(),
        bool(),
        path(),
        pick(ProcessSpec.Kill.values()));
  }

  Deed deed() {
    return one(
        () -> new Deed.Restart(bool() ? List.of() : argv(), policy()),
        () -> new Deed.Execute(argv(), text()),
        () -> new Deed.WaitFor(path(), Duration.ofNanos(1 + random.nextLong(DAY))),
        () -> new Deed.Pulse(text(), number(), integer(), integer(), number()),
        () -> new Deed.Signal(text(), orNull(this::processId), 1 + below(64), integer(), number()),
        () -> new Deed.HeartbeatHealthy(),
        () -> new Deed.Log(text(), bool(), integer()));
  }

  ErrandId errandId() {
    return new ErrandId(bool() ? "*" : "n" + below(20), effectId());
  }

  Errand errand() {
    return one(
        () -> new Errand(new Deed.Execute(argv(), text()), variables()),
        () ->
            new Errand(
                new Deed.Pulse(text(), number(), integer(), integer(), number()),
                List.of(),
                1 + below(Errand.MOST_TIMES)),
        () ->
            new Errand(
                new Deed.Signal(text(), processId(), 1 + below(64), integer(), number()),
                List.of()));
  }

  Errand.Fate fate() {
    return one(
        () -> new Errand.Fate.Done(),
        () -> new Errand.Fate.Failed(text()),
        () -> new Errand.Fate.Failed(text(), below(99)),
        () -> new Errand.Fate.Refused(text()),
        () -> new Errand.Fate.Expired());
  }

  private RestartPolicy policy() {
    long longest = random.nextLong(DAY);
    return new RestartPolicy(
        below(10_001),
        Duration.ofNanos(1 + random.nextLong(DAY)),
        Duration.ofNanos(random.nextLong(longest + 1)),
        Duration.ofNanos(longest));
  }

  private String path() {
    return bool() ? "" : "/p" + below(100) + "/ü";
  }
}
