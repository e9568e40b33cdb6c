package io.hamlet.agent.basic.core;

import io.hamlet.agent.basic.conf.ActionOptions;
import io.hamlet.agent.basic.conf.BasicConfig;
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
  private final String node;
  private final List<Deed> deeds = new ArrayList<>();
  private final Office office;
  private final Sequences sequences = new Sequences(deeds);
  private final Map<String, HostState> hosts = new LinkedHashMap<>();
  private final Checks checks;
  private final WordList words;
  private final List<Sequence> cut;
  private long nextSequence;
  private BasicConfig config;
  private Now now;

  /**
   * Nothing is believed yet but what was before.
   *
   * @param clustered others like this may be there, and one of them acts
   */
  public BasicMachine(String node, boolean clustered, BasicState before) {
    this.node = node;
    this.office = new Office(node, clustered);
    this.words = new WordList(before.words());
    this.nextSequence = before.next();
    before.hosts().forEach(h -> hosts.put(h.host(), h));
    checks = new Checks(node, office, before.checks(), deeds, this::judge);
    cut = before.sequences();
  }

  /** The first input. */
  public List<Deed> begin(BasicConfig first, Now now) {
    this.now = now;
    arrange(first);
    // In a cluster the record tells the one that acts of it, here or elsewhere.
    if (!office.isClustered()) {
      cut.forEach(this::interrupted);
    }
    deeds.add(new Deed.Save(true));
    return proceed();
  }

  private void interrupted(Sequence s) {
    boolean goesOn = config.options().resume() && hosts.containsKey(s.host());
    String where = "[" + s.section() + "] was cut off at command " + (s.at() + 1) + ", ";
    String then = goesOn ? "; it goes on there" : "; it is not repeated";
    tell(Level.ERROR, "sequence-interrupted", s.host(), where + s.command() + then);
    if (goesOn) {
      goOn(s);
    }
  }

  private void goOn(Sequence s) {
    boolean isUnderWay = s.phase() == Sequence.Phase.RUNNING || s.at() > 0;
    if (isUnderWay && !s.isOver()) {
      run(s.in(Sequence.Phase.RUNNING));
    } else {
      sequences.restore(s);
    }
  }

  /** Things stand otherwise in the cluster, or it was asked what is kept there. */
  public List<Deed> standing(Standing next, Now now) {
    this.now = now;
    boolean acted = office.acts();
    office.stand(next);
    if (next.acts() && next.records() != null) {
      takeOver(next.records(), !acted);
    } else if (acted && !next.acts()) {
      tell(Level.INFO, "office-left", "", leads());
      sequences.running().stream().filter(office::isEntering).forEach(this::handOver);
      hosts.keySet().stream().filter(h -> sequences.isIdle(h)).forEach(sequences::leave);
    }
    checks.standing(now);
    return proceed();
  }

  /** The node that leads; empty: nobody is known to. */
  public String leader() {
    return office.leader();
  }

  /** Sequences run here. */
  public boolean acts() {
    return office.acts();
  }

  private String leads() {
    return office.leader().isEmpty() ? "nobody leads" : "node " + office.leader() + " leads";
  }

  private void takeOver(Map<String, Recorded> records, boolean isNew) {
    if (isNew) {
      tell(Level.INFO, "office-taken", "", "node " + node + " leads: sequences run here");
      hosts.keySet().forEach(sequences::leave);
    }
    for (String host : List.copyOf(hosts.keySet())) {
      Recorded found = records.get(host);
      if (found != null && (isNew || office.awaits(host))) {
        office.found(found);
        restore(found.host());
        adopt(found);
      }
      checks.review(host);
    }
  }

  /** The manager here is told too, so that the next change fires what it shall. */
  private void restore(HostState recorded) {
    HostState before = hosts.put(recorded.host(), recorded);
    if (!before.state().equals(recorded.state())) {
      deeds.add(new Deed.Announce(recorded.host(), words.number(recorded.state()), 0));
    }
  }

  /** Goes on with what another began, or this one before its office was interrupted. */
  private void adopt(Recorded found) {
    String host = found.host().host();
    boolean isOurs = found.node().equals(node);
    for (Sequence s : found.sequences()) {
      boolean isBegun = s.phase() == Sequence.Phase.RUNNING;
      if (isBegun && isOurs && sequences.running(s.id()) != null) {
        continue;
      }
      boolean mayRun = isBegun && !isOurs && office.isUp(found.node());
      if (mayRun && !office.isOverdue(host, now.mono())) {
        ActionOptions options = config.options();
        long limit = options.timeout().plus(options.killAfter()).toMillis();
        office.await(host, limit, now.mono());
        return;
      }
      Sequence ours = s.ownedBy(node, nextSequence++);
      if (isBegun) {
        interrupted(ours);
      } else {
        goOn(ours);
      }
    }
    office.awaitNoMore(host);
  }

  /** The cluster keeps what was to be kept of a host. */
  public List<Deed> kept(long sequence, int at, Now now) {
    this.now = now;
    Sequence s = sequences.running(sequence);
    if (office.entered(sequence, at) && s != null) {
      deeds.add(step(s));
    }
    return proceed();
  }

  /** Another daemon has written of that host since: it acts, and not we. */
  public List<Deed> superseded(String host, Now now) {
    this.now = now;
    for (Sequence s : sequences.of(host)) {
      if (office.isEntering(s)) {
        office.forget(s);
        sequences.end(s);
        String text = "[" + s.section() + "] at command " + (s.at() + 1) + ": another node has it";
        tell(Level.WARNING, "sequence-left", host, text);
      }
    }
    sequences.leave(host);
    return proceed();
  }

  /** The files were read anew. */
  public List<Deed> configure(BasicConfig next, Now now) {
    this.now = now;
    arrange(next);
    tell(Level.INFO, "reloaded", "", next.checks().size() + " checks");
    deeds.add(new Deed.Save(true));
    return proceed();
  }

  private void arrange(BasicConfig next) {
    config = next;
    next.warnings().forEach(w -> tell(Level.WARNING, "configuration", "", w.toString()));
    Map<String, HostState> kept = new LinkedHashMap<>();
    next.hosts().keySet().forEach(h -> kept.put(h, hosts.getOrDefault(h, HostState.first(h))));
    hosts.clear();
    hosts.putAll(kept);
    checks.arrange(next, now);
    Map<String, Integer> numbers = new LinkedHashMap<>();
    hosts.values().forEach(h -> numbers.put(h.host(), words.number(h.state())));
    List<Deed.Section> sections = new ArrayList<>();
    next.sections().forEach((change, steps) -> sections.add(words.section(change, steps)));
    deeds.add(new Deed.Arrange(numbers, sections));
  }

  /** Time has passed. */
  public List<Deed> tick(Now now) {
    this.now = now;
    sequences.expire(now.mono());
    checks.tick(now);
    return proceed();
  }

  /** When {@link #tick} is wanted next, on the clock that never jumps. */
  public long nextTick() {
    return Math.min(checks.next(), sequences.next());
  }

  /** A run of a check has ended. */
  public List<Deed> checkEnded(String key, long run, Raw raw, Now now) {
    this.now = now;
    checks.ended(key, run, raw, now);
    return proceed();
  }

  /** The daemon of another node has found something; what does not fit here is left alone. */
  public List<Deed> heard(Shared r, Now now) {
    this.now = now;
    checks.heard(r, now);
    return proceed();
  }

  /**
   * Somebody submits a result.
   *
   * @throws IllegalArgumentException for a host nobody knows, or too many checks
   */
  public List<Deed> report(Report report, Now now) {
    this.now = now;
    checks.report(report, now);
    return proceed();
  }

  private void judge(String host, String key) {
    HostState before = hosts.get(host);
    if (before == null || office.awaits(host)) {
      return;
    }
    Set<String> said = checks.words(host);
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
      change(before, said.iterator().next(), key.substring(0, key.indexOf('@')));
    }
  }

  private void change(HostState before, String to, String check) {
    String host = before.host();
    String from = before.state();
    hosts.put(host, before.changed(to, now.wall()));
    Optional<Transition> section =
        office.acts() ? config.sectionFor(host, from, to) : Optional.empty();
    String nothing = office.acts() ? "; no section is for that" : "; " + leads();
    String then = section.map(s -> ", so [" + s.name() + "]").orElse(nothing);
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
    int number = words.number(to);
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
    this.now = now;
    sequences.fired(host, section);
    return proceed();
  }

  /** The manager cannot be told. */
  public List<Deed> announceFailed(long sequence, String why, Now now) {
    this.now = now;
    sequences.drop(sequence, why + "; nothing was run");
    return proceed();
  }

  /** A command of a sequence has ended. */
  public List<Deed> stepEnded(long id, int at, Raw raw, Now now) {
    this.now = now;
    Sequence s = sequences.running(id);
    if (s == null || s.at() != at) {
      return proceed();
    }
    boolean failure = !raw.succeeded() && !s.commands().get(at).ignoreFailure();
    String text = "[" + s.section() + "] " + s.command() + ": " + raw.words();
    tell(failure ? Level.ERROR : Level.INFO, "command-ended", s.host(), text);
    Sequence next = s.past(failure);
    if (next.isOver() || (failure && config.options().stopOnFailure())) {
      finish(next);
    } else {
      run(next);
    }
    return proceed();
  }

  private void run(Sequence s) {
    sequences.goOn(s);
    if (!office.isClustered()) {
      deeds.add(new Deed.Save(true));
      deeds.add(step(s));
    } else if (office.acts()) {
      deeds.add(new Deed.Save(true));
      // It begins when that is recorded; proceed sees to it.
      office.enter(s);
    } else {
      handOver(s);
    }
  }

  private Deed step(Sequence s) {
    return new Deed.RunStep(
        s.id(),
        s.at(),
        s.commands().get(s.at()).words(),
        s.environment(),
        config.options().timeout(),
        config.options().killAfter());
  }

  /** The next one to lead goes on at a command that has not begun. */
  private void handOver(Sequence s) {
    office.forget(s);
    sequences.end(s);
    String text = "[" + s.section() + "] is left at command " + (s.at() + 1) + ", " + s.command();
    tell(Level.WARNING, "sequence-left", s.host(), text + "; " + leads());
    leave(s.host(), List.of(s.in(Sequence.Phase.FIRED)));
  }

  /** Writes how far it came, for whoever leads. */
  private void leave(String host, List<Sequence> first) {
    List<Sequence> all = new ArrayList<>(first);
    all.addAll(sequences.of(host));
    sequences.leave(host);
    deeds.add(new Deed.Save(true));
    if (hosts.containsKey(host)) {
      deeds.add(office.write(office.record(hosts.get(host), all)));
    }
  }

  private void finish(Sequence s) {
    sequences.end(s);
    deeds.add(new Deed.Save(true));
    boolean goesOn = false;
    if (s.failed()) {
      goesOn = failed(s);
    } else {
      tell(Level.INFO, "sequence-done", s.host(), "[" + s.section() + "]");
    }
    if (!goesOn && !office.acts()) {
      leave(s.host(), List.of());
    }
  }

  /** True when its failure section is to run now. */
  private boolean failed(Sequence s) {
    String skipped = s.isOver() ? "" : "; not run: " + s.command() + " and what follows it";
    tell(Level.ERROR, "action-failed", s.host(), "[" + s.section() + "]" + skipped);
    hosts.computeIfPresent(s.host(), (h, state) -> state.failed());
    List<Step> steps = config.failureOf(s.host(), s.from(), s.to());
    if (s.afterFailure() || steps.isEmpty()) {
      return false;
    }
    String check = s.environment().getOrDefault("HAM_CHECK", "");
    Values values = new Values(hosts.values(), s.host(), s.from(), s.to(), check, node);
    String name = "failed:" + s.section();
    List<Sequence.Command> commands = expand(s.host(), name, steps, values);
    if (commands == null) {
      return false;
    }
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
    return true;
  }

  /** Starts what may start, and hands out all that is to be done. */
  private List<Deed> proceed() {
    int atOnce = office.acts() ? config.options().parallelHosts() : 0;
    for (Sequence s : sequences.start(atOnce)) {
      if (s.isOver()) {
        finish(s);
      } else {
        run(s);
      }
    }
    keep();
    checks.start(host -> hosts.get(host).shown(), now);
    List<Deed> wanted = List.copyOf(deeds);
    deeds.clear();
    return wanted;
  }

  private void keep() {
    if (!office.isClustered() || !office.acts()) {
      return;
    }
    for (HostState host : hosts.values()) {
      Deed.Keep keep = office.keep(host, sequences.of(host.host()));
      if (keep != null) {
        deeds.add(keep);
      }
    }
    if (office.awaitsAny()) {
      deeds.add(new Deed.Look());
    }
  }

  private void tell(Level level, String event, String host, String text) {
    deeds.add(new Deed.Tell(new Happening(level, event, host, text)));
  }

  /** All that is to outlive this process. */
  public BasicState state() {
    return new BasicState(
        List.copyOf(hosts.values()), checks.states(), sequences.all(), words.all(), nextSequence);
  }
}
