package io.hamlet.agent.basic.core;

import io.hamlet.agent.basic.conf.BasicConfig;
import io.hamlet.agent.basic.conf.Check;
import io.hamlet.agent.basic.conf.CheckOptions;
import io.hamlet.agent.basic.conf.Scope;
import io.hamlet.agent.basic.conf.Step;
import io.hamlet.agent.basic.conf.Transition;
import io.hamlet.agent.basic.conf.Variables;
import io.hamlet.agent.basic.core.Happening.Level;
import io.hamlet.agent.script.Raw;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The brain of the basic HA daemon (sam.md 5.5): results in, deeds out. Deterministic, and for one
 * thread. A deed that saves comes before what relies on it.
 */
public final class BasicMachine {
  /** Submitted checks that no scope lists; more are refused. */
  private static final int MOST_PASSIVE = 1_000;

  private final String node;
  private final List<Deed> deeds = new ArrayList<>();
  private final Schedule schedule = new Schedule();
  private final Sequences sequences = new Sequences(deeds);
  private final Map<String, HostState> hosts = new LinkedHashMap<>();
  private final Map<String, CheckState> checks = new LinkedHashMap<>();
  private final List<String> words;
  private final List<Sequence> cut;
  private long nextSequence;
  private BasicConfig config;

  public BasicMachine(String node, BasicState before) {
    this.node = node;
    this.words = new ArrayList<>(before.words());
    this.nextSequence = before.next();
    before.hosts().forEach(h -> hosts.put(h.host(), h));
    before.checks().forEach(c -> checks.put(c.key(), c));
    cut = before.sequences();
  }

  /** The first input. */
  public List<Deed> begin(BasicConfig first, Now now) {
    arrange(first, now);
    for (Sequence s : cut) {
      boolean goesOn = first.options().resume() && hosts.containsKey(s.host());
      String where = "[" + s.section() + "] was cut off at command " + (s.at() + 1) + ", ";
      String then = goesOn ? "; it goes on there" : "; it is not repeated";
      tell(Level.ERROR, "sequence-interrupted", s.host(), where + s.command() + then);
      if (goesOn && s.phase() == Sequence.Phase.RUNNING && !s.isOver()) {
        run(s);
      } else if (goesOn) {
        sequences.restore(s);
      }
    }
    deeds.add(new Deed.Save(true));
    return proceed(now);
  }

  /** The files were read anew. */
  public List<Deed> configure(BasicConfig next, Now now) {
    arrange(next, now);
    tell(Level.INFO, "reloaded", "", next.checks().size() + " checks");
    deeds.add(new Deed.Save(true));
    return proceed(now);
  }

  private void arrange(BasicConfig next, Now now) {
    config = next;
    next.warnings().forEach(w -> tell(Level.WARNING, "configuration", "", w.toString()));
    Map<String, HostState> kept = new LinkedHashMap<>();
    next.hosts().keySet().forEach(h -> kept.put(h, hosts.getOrDefault(h, HostState.first(h))));
    hosts.clear();
    hosts.putAll(kept);
    checks.values().removeIf(c -> !next.checks().containsKey(c.key()) && !isPassive(c));
    for (Check check : next.checks().values()) {
      CheckState fresh = CheckState.first(check.key(), check.host());
      checks.merge(check.key(), fresh, (old, n) -> old.about(check.host()));
    }
    schedule.set(next.checks().values(), now.mono());
    Map<String, Integer> numbers = new LinkedHashMap<>();
    hosts.values().forEach(h -> numbers.put(h.host(), number(h.state())));
    List<Deed.Section> sections = new ArrayList<>();
    next.sections().forEach((change, steps) -> sections.add(section(change, steps)));
    deeds.add(new Deed.Arrange(numbers, sections));
  }

  private boolean isPassive(CheckState check) {
    return check.key().endsWith("@") && config.hosts().containsKey(check.host());
  }

  private Deed.Section section(Transition change, List<Step> steps) {
    List<String> lines =
        steps.stream()
            .map(s -> (s.ignoreFailure() ? "-" : "") + String.join(" ", s.words()))
            .toList();
    return new Deed.Section(
        change.name(), change.host(), pattern(change.from()), pattern(change.to()), lines);
  }

  private int pattern(String state) {
    return state.equals(Transition.ANY) ? 0 : number(state);
  }

  private int number(String word) {
    int at = words.indexOf(word);
    if (at < 0) {
      words.add(word);
      at = words.size() - 1;
    }
    return at + 1;
  }

  /** Time has passed. */
  public List<Deed> tick(Now now) {
    sequences.expire(now.mono());
    return proceed(now);
  }

  /** When {@link #tick} is wanted next, on the clock that never jumps. */
  public long nextTick() {
    return Math.min(schedule.next(), sequences.next());
  }

  /** A run of a check has ended. */
  public List<Deed> checkEnded(String key, long run, Raw raw, Now now) {
    Check check = config.checks().get(key);
    // Replaced or removed while it ran: nobody waits for it.
    if (schedule.end(key, run) && check != null) {
      result(key, raw, "", check.options(), check.scope() instanceof Scope.Ssh, now);
    }
    return proceed(now);
  }

  /**
   * Somebody submits a result.
   *
   * @throws IllegalArgumentException for a host nobody knows, or too many checks
   */
  public List<Deed> report(Report report, Now now) {
    Optional<Check> listed =
        config.checks().values().stream()
            .filter(c -> c.name().equals(report.check()))
            .filter(c -> report.host().isEmpty() || c.host().equals(report.host()))
            .findFirst();
    String key = listed.map(Check::key).orElse(report.check() + "@");
    if (listed.isEmpty()) {
      if (!hosts.containsKey(report.host())) {
        throw new IllegalArgumentException(
            "no scope has a check '" + report.check() + "' of host '" + report.host() + "'");
      }
      if (checks.size() >= config.checks().size() + MOST_PASSIVE && !checks.containsKey(key)) {
        throw new IllegalArgumentException("there are " + MOST_PASSIVE + " submitted checks");
      }
      checks.merge(key, CheckState.first(key, report.host()), (old, n) -> old.about(report.host()));
    }
    CheckOptions options = listed.map(Check::options).orElse(config.defaults());
    result(key, Raw.exited(report.exit(), report.output()), report.state(), options, false, now);
    return proceed(now);
  }

  private void result(
      String key, Raw raw, String said, CheckOptions options, boolean viaSsh, Now now) {
    Reading reading = Reading.of(raw, options, viaSsh, config.words()).saying(said);
    CheckState before = checks.get(key);
    CheckState after = before.after(reading, options.attempts(), now.wall());
    checks.put(key, after);
    String text = key + ": " + raw.words() + ", " + after.text();
    boolean isNew = before.last() == 0 || before.outcome() != after.outcome();
    if (isNew && !reading.event().isEmpty()) {
      tell(Level.WARNING, reading.event(), after.host(), text);
    }
    if (after.unknowns() == options.unknownAfter()) {
      tell(Level.ERROR, "check-unknown", after.host(), text);
    }
    deeds.add(new Deed.Save(false));
    if (!after.word().equals(before.word()) || after.weak() != before.weak()) {
      judge(after.host(), key, now);
    }
  }

  private void judge(String host, String key, Now now) {
    HostState before = hosts.get(host);
    Set<String> said = Believing.words(checks.values(), host);
    if (said.size() > 1) {
      if (!before.conflict()) {
        hosts.put(host, before.conflicting(true));
        tell(Level.ERROR, "conflict", host, "its checks disagree: " + String.join(", ", said));
        deeds.add(new Deed.Save(true));
      }
      return;
    }
    if (before.conflict()) {
      hosts.put(host, before.conflicting(false));
      tell(Level.INFO, "conflict-over", host, "its checks agree: " + String.join(", ", said));
      deeds.add(new Deed.Save(true));
    }
    if (!said.isEmpty() && !said.contains(before.state())) {
      change(before, said.iterator().next(), key.substring(0, key.lastIndexOf('@')), now);
    }
  }

  private void change(HostState before, String to, String check, Now now) {
    String host = before.host();
    String from = before.state();
    hosts.put(host, before.changed(to, now.wall()));
    Optional<Transition> section = config.sectionFor(host, from, to);
    String then = section.map(s -> ", so [" + s.name() + "]").orElse("; no section is for that");
    tell(Level.INFO, "state-change", host, from + " -> " + to + ", seen by " + check + then);
    long sequence = 0;
    if (section.isPresent()) {
      Values values = new Values(hosts.values(), host, from, to, check, node);
      List<Step> steps = config.sections().get(section.get());
      List<Sequence.Command> commands = expand(host, section.get().name(), steps, values);
      if (commands != null) {
        sequence = nextSequence++;
        Map<String, String> environment = values.environment();
        sequences.add(
            new Sequence(
                sequence,
                host,
                from,
                to,
                section.get().name(),
                commands,
                environment,
                Sequence.Phase.ANNOUNCED,
                0,
                false,
                false),
            now.mono());
      }
    }
    int number = number(to);
    deeds.add(new Deed.Save(true));
    deeds.add(new Deed.Announce(host, number, sequence));
  }

  /** Null when a variable has no value: then nothing at all is run. */
  private List<Sequence.Command> expand(
      String host, String section, List<Step> steps, Values values) {
    try {
      List<Sequence.Command> commands = values.expand(steps);
      values.ambiguous(steps).forEach(a -> tell(Level.WARNING, "several-candidates", host, a));
      return commands;
    } catch (Variables.Unresolved e) {
      String text = "[" + section + "] is not run: " + e.getMessage();
      tell(Level.ERROR, "variable-unresolved", host, text);
      return null;
    }
  }

  /** The manager has fired the condition of that name. */
  public List<Deed> fired(String host, String section, Now now) {
    sequences.fired(host, section);
    return proceed(now);
  }

  /** The manager cannot be told. */
  public List<Deed> announceFailed(long sequence, String why, Now now) {
    sequences.drop(sequence, why + "; nothing was run");
    return proceed(now);
  }

  /** A command of a sequence has ended. */
  public List<Deed> stepEnded(long id, int at, Raw raw, Now now) {
    Sequence s = sequences.running(id);
    if (s == null || s.at() != at) {
      return proceed(now);
    }
    boolean failure = !raw.succeeded() && !s.commands().get(at).ignoreFailure();
    String text = "[" + s.section() + "] " + s.command() + ": " + raw.words();
    tell(failure ? Level.ERROR : Level.INFO, "command-ended", s.host(), text);
    Sequence next = s.past(failure);
    if (next.isOver() || (failure && config.options().stopOnFailure())) {
      finish(next, now);
    } else {
      run(next);
    }
    return proceed(now);
  }

  private void run(Sequence s) {
    sequences.goOn(s);
    deeds.add(new Deed.Save(true));
    deeds.add(
        new Deed.RunStep(
            s.id(),
            s.at(),
            s.commands().get(s.at()).words(),
            s.environment(),
            config.options().timeout(),
            config.options().killAfter()));
  }

  private void finish(Sequence s, Now now) {
    sequences.end(s);
    deeds.add(new Deed.Save(true));
    if (!s.failed()) {
      tell(Level.INFO, "sequence-done", s.host(), "[" + s.section() + "]");
      return;
    }
    String skipped = s.isOver() ? "" : "; not run: " + s.command() + " and what follows it";
    tell(Level.ERROR, "action-failed", s.host(), "[" + s.section() + "]" + skipped);
    hosts.computeIfPresent(s.host(), (h, state) -> state.failed());
    List<Step> steps = config.failureOf(s.host(), s.from(), s.to());
    if (s.afterFailure() || steps.isEmpty()) {
      return;
    }
    String check = s.environment().getOrDefault("HAM_CHECK", "");
    Values values = new Values(hosts.values(), s.host(), s.from(), s.to(), check, node);
    String name = "failed:" + s.section();
    List<Sequence.Command> commands = expand(s.host(), name, steps, values);
    if (commands != null) {
      run(
          new Sequence(
              nextSequence++,
              s.host(),
              s.from(),
              s.to(),
              name,
              commands,
              values.environment(),
              Sequence.Phase.RUNNING,
              0,
              false,
              true));
    }
  }

  /** Starts what may start, and hands out all that is to be done. */
  private List<Deed> proceed(Now now) {
    for (Sequence s : sequences.start(config.options().parallelHosts())) {
      if (s.isOver()) {
        finish(s, now);
      } else {
        run(s);
      }
    }
    for (Check check : schedule.start(config.checks().values(), now.mono())) {
      CheckState state = checks.get(check.key());
      String address = config.hosts().getOrDefault(check.host(), "");
      deeds.add(
          new Deed.RunCheck(
              check,
              schedule.run(check.key()),
              address,
              hosts.get(check.host()).shown(),
              state.count() + 1));
    }
    List<Deed> wanted = List.copyOf(deeds);
    deeds.clear();
    return wanted;
  }

  private void tell(Level level, String event, String host, String text) {
    deeds.add(new Deed.Tell(new Happening(level, event, host, text)));
  }

  /** All that is to outlive this process. */
  public BasicState state() {
    return new BasicState(
        List.copyOf(hosts.values()),
        List.copyOf(checks.values()),
        sequences.all(),
        words,
        nextSequence);
  }
}
