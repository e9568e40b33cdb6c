package io.hamlet.manager.wire;

import io.hamlet.core.model.Action;
import io.hamlet.core.model.CommandLine;
import io.hamlet.core.model.Condition;
import io.hamlet.core.model.ConditionType;
import io.hamlet.core.model.Deed;
import io.hamlet.core.model.Entity;
import io.hamlet.core.model.Filter;
import io.hamlet.core.model.Flags;
import io.hamlet.core.model.Moment;
import io.hamlet.core.recovery.HamState;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/**
 * The {@code .info} texts, to the byte of ham.md 6: a label padded to a fixed width, {@code ": "},
 * the value. Lines of our own stand after the documented ones. Immutable and thread-safe.
 */
public final class InfoText {
  private static final int TOP_WIDTH = 19;
  private static final int WIDTH = 16;
  private static final long NANOS = 1_000_000_000L;
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyy/MM/dd HH:mm:ss:nnnnnnnnn", Locale.ROOT);
  private final ZoneId zone;
  private final ToLongFunction<Entity> lastBeat;

  /**
   * @param zone of the time stamps
   * @param lastBeat when an entity's last beat was counted, nanoseconds since 1970; 0: never
   */
  public InfoText(ZoneId zone, ToLongFunction<Entity> lastBeat) {
    this.zone = zone;
    this.lastBeat = lastBeat;
  }

  /** Of the root. */
  public String top(HamState state) {
    Counts counts = Counts.of(state);
    HamState.Pair pair = state.pair();
    return new Lines(TOP_WIDTH)
        .add("Ham Pid", pair.hamPid())
        .add("Guardian Pid", pair.guardianPid())
        .add("Ham Failures", pair.hamFailures())
        .add("Guardian Failures", pair.guardianFailures())
        .add("Num Entities", counts.entities())
        .add("Num Conditions", counts.conditions())
        .add("Num Actions", counts.actions())
        .toString();
  }

  public String entity(Entity entity) {
    Lines lines =
        new Lines(WIDTH)
            .add("Path", entity.name().value())
            .add("Entity Pid", entity.pid())
            .add("Num conditions", entity.conditions().size())
            .add("Entity type", entity.shape().name())
            .heading("Stats:");
    if (entity.heartbeat() != null) {
      long beat = lastBeat.applyAsLong(entity);
      lines
          .add("HeartBeat Period", entity.heartbeat().periodNanos())
          .add("HB Low Mark", entity.heartbeat().lowMark())
          .add("HB High Mark", entity.heartbeat().highMark())
          .add("Last Heartbeat", beat == 0 ? "NONE" : stamp(beat))
          .add("HeartBeat State", entity.heartbeat().health().shown());
    }
    lines.add("Created", stamp(entity.stats().created().wallNanos()));
    addStamp(lines, "Last Death", entity.stats().lastDeath());
    addStamp(lines, "Restarted", entity.stats().restarted());
    return lines.add("Num Restarts", entity.stats().restarts()).toString();
  }

  public String condition(Entity entity, Condition condition) {
    Lines lines =
        new Lines(WIDTH)
            .add("Path", entity.name() + "/" + condition.name())
            .add("Entity Pid", entity.pid())
            .add("Num Actions", condition.actions().size())
            .add("Condition ReArm", onOff(condition.flags().has(Flags.OfCondition.REARM)))
            .add("Condition type", condition.type().qnxName());
    switch (condition.filter()) {
      case Filter.Transition t -> lines.add("From State", t.from()).add("To State", t.to());
      case Filter.Raise r ->
          lines
              .add("Raise Type", r.type())
              .add("Raise Class", r.clazz())
              .add("Raise Severity", r.severity());
      case Filter.Proven p -> lines.add("Proof", p.least().word());
      case Filter.None n -> {
        assert condition.type() != ConditionType.STATE : "a state condition has a transition";
      }
    }
    return lines.toString();
  }

  /**
   * @param node whose tree it is; shown as the recipient's when the action names none
   */
  public String action(String node, Entity entity, Condition condition, Action action) {
    Lines lines =
        new Lines(WIDTH)
            .add("Path", entity.name() + "/" + condition.name() + "/" + action.name())
            .add("Entity Pid", entity.pid())
            .add("Action ReArm", onOff(action.flags().has(Flags.OfAction.REARM)));
    switch (action.deed()) {
      case Deed.Restart r -> lines.add("Restart Line", line(restartWords(entity, r)));
      case Deed.Execute e -> lines.add("Execute Line", line(e.argv()));
      case Deed.WaitFor w -> {
        if (!w.path().isEmpty()) {
          lines.add("Waitfor Path", w.path());
        }
        lines.add("Waitfor Delay", w.delay().toMillis());
      }
      case Deed.Pulse p ->
          lines
              .add("Notify Node", p.node().isEmpty() ? node : p.node())
              .add("Notify Pid", p.pid())
              .add("Notify Channel", p.channel())
              .add("Pulse Code", p.code())
              .add("Value", p.value());
      case Deed.Signal s ->
          lines
              .add("Notify Node", s.node().isEmpty() ? node : s.node())
              .add("Notify Pid", s.process() == null ? entity.pid() : s.process().pid())
              .add("Signal", s.signal())
              .add("Signal Code", s.code())
              .add("Value", s.value());
      case Deed.HeartbeatHealthy h -> lines.add("HeartBeat Reset", "ON");
      case Deed.Log l ->
          lines
              .add("Log Message", l.message())
              .add("Log Verbosity", l.verbosity())
              .add("Log Prefix", onOff(l.prefix()));
    }
    return lines.toString();
  }

  /** {@code YYYY/MM/DD HH:MM:SS:nnnnnnnnn}. */
  String stamp(long wallNanos) {
    Instant instant =
        Instant.ofEpochSecond(Math.floorDiv(wallNanos, NANOS), Math.floorMod(wallNanos, NANOS));
    return STAMP.format(instant.atZone(zone));
  }

  private void addStamp(Lines lines, String label, Moment moment) {
    if (moment != null) {
      lines.add(label, stamp(moment.wallNanos()));
    }
  }

  private static List<String> restartWords(Entity entity, Deed.Restart restart) {
    boolean own = restart.argv().isEmpty() && entity.spec() != null;
    return own ? entity.spec().argv() : restart.argv();
  }

  private static String line(List<String> argv) {
    return CommandLine.join(argv);
  }

  private static String onOff(boolean on) {
    return on ? "ON" : "OFF";
  }

  /** How many objects a tree has; the global entity counts with its conditions and actions only. */
  public record Counts(int entities, int conditions, int actions) {
    /** Counts a state. */
    public static Counts of(HamState state) {
      int conditions = state.global().conditions().size();
      int actions = actions(state.global());
      for (Entity entity : state.entities().values()) {
        conditions += entity.conditions().size();
        actions += actions(entity);
      }
      return new Counts(state.entities().size(), conditions, actions);
    }

    private static int actions(Entity entity) {
      int sum = 0;
      for (Condition condition : entity.conditions()) {
        sum += condition.actions().size();
      }
      return sum;
    }
  }

  /** Builds the lines of one text. */
  private static final class Lines {
    private final int width;
    private final StringBuilder text = new StringBuilder(256);

    Lines(int width) {
      this.width = width;
    }

    Lines add(String label, long value) {
      return add(label, Long.toString(value));
    }

    Lines add(String label, String value) {
      text.append(label).repeat(' ', width - label.length()).append(": ");
      // A line break in a value would look like a line of ours.
      value
          .codePoints()
          .map(c -> Character.isISOControl(c) ? '?' : c)
          .forEach(text::appendCodePoint);
      text.append('\n');
      return this;
    }

    Lines heading(String heading) {
      text.append(heading).append('\n');
      return this;
    }

    @Override
    public String toString() {
      return text.toString();
    }
  }
}
