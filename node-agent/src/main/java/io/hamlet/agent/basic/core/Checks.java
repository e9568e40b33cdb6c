package io.hamlet.agent.basic.core;

import io.hamlet.agent.basic.conf.BasicConfig;
import io.hamlet.agent.basic.conf.Check;
import io.hamlet.agent.basic.conf.CheckOptions;
import io.hamlet.agent.basic.conf.Scope;
import io.hamlet.agent.basic.core.Happening.Level;
import io.hamlet.agent.script.Raw;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is known by each check: those that run here, those of other nodes, and what is submitted.
 * For one thread.
 */
final class Checks {
  /** Submitted checks that no scope lists; more are refused. */
  private static final int MOST_PASSIVE = 1_000;

  /** Who judges by what the checks of a host say together, and which of them says it now. */
  interface Verdict {
    void on(String host, String check, Set<String> said);
  }

  private final String node;
  private final Office office;
  private final List<Deed> deeds;
  private final Verdict judge;
  private final Schedule schedule = new Schedule();
  private final Hearing hearing = new Hearing();
  private final Map<String, CheckState> states = new LinkedHashMap<>();

  /** What else the last result of each check told; a daemon that has just begun knows of none. */
  private final Map<String, String> told = new HashMap<>();

  private BasicConfig config;

  /**
   * Nothing is known but what was before.
   *
   * @param judge is told of each host whose state may be another now
   */
  Checks(String node, Office office, List<CheckState> before, List<Deed> deeds, Verdict judge) {
    this.node = node;
    this.office = office;
    this.deeds = deeds;
    this.judge = judge;
    // In a cluster the host's state may have moved on without us: then an old word is none.
    if (!office.isClustered()) {
      before.forEach(c -> states.put(c.key(), c));
    }
  }

  void arrange(BasicConfig next, Now now) {
    config = next;
    states.values().removeIf(c -> !isKnown(c));
    for (Check check : next.checks().values()) {
      CheckState fresh = CheckState.first(check.key(), check.host());
      states.merge(check.key(), fresh, (old, n) -> old.about(check.host()));
    }
    schedule.set(mine(), now.mono());
    hearing.retain(states.keySet());
    told.keySet().retainAll(states.keySet());
    for (String key : states.keySet()) {
      if (Hearing.isOfOther(key) || !isMine(next.checks().get(key))) {
        hearing.expect(key, now.mono() + patience(optionsOf(key)));
      }
    }
  }

  private boolean isKnown(CheckState state) {
    boolean isListed = config.checks().containsKey(Hearing.here(state.key()));
    boolean hasHost = config.hosts().containsKey(state.host());
    boolean isForeign = state.key().endsWith("@") || Hearing.isOfOther(state.key());
    return isForeign ? hasHost && (isListed || state.key().endsWith("@")) : isListed;
  }

  /** It is another who acts now, or other nodes are there. */
  void standing(Now now) {
    schedule.set(mine(), now.mono());
    hearing.ofOthersThan(office.up(), node).forEach(key -> silent(key, now));
  }

  private List<Check> mine() {
    return config.checks().values().stream().filter(this::isMine).toList();
  }

  /** Checks through ssh are for the one that acts; null, of those who submit: nobody runs it. */
  private boolean isMine(Check check) {
    return check == null
        || switch (check.scope()) {
          case Scope.Local local -> true;
          case Scope.Ssh ssh -> office.acts();
          case Scope.Node other -> other.node().equals(node);
        };
  }

  private CheckOptions optionsOf(String key) {
    Check check = config.checks().get(Hearing.here(key));
    return check == null ? config.defaults() : check.options();
  }

  /** So long may the next result from another node be on its way, in milliseconds. */
  private static long patience(CheckOptions options) {
    return options.interval().plus(options.timeout()).toMillis() + Hearing.ON_THE_WAY;
  }

  void tick(Now now) {
    hearing.overdue(now.mono()).forEach(key -> silent(key, now));
  }

  long next() {
    return Math.min(hearing.next(), schedule.next());
  }

  /** Starts those that are due; {@code lastState} tells that of a host. */
  void start(java.util.function.UnaryOperator<String> lastState, Now now) {
    for (Check check : schedule.start(mine(), now.mono())) {
      String address = config.hosts().getOrDefault(check.host(), "");
      int attempt = states.get(check.key()).count() + 1;
      long run = schedule.run(check.key());
      deeds.add(new Deed.RunCheck(check, run, address, lastState.apply(check.host()), attempt));
    }
  }

  /** A run here has ended. */
  void ended(String key, long run, Raw raw, Now now) {
    Check check = config.checks().get(key);
    // Replaced or removed while it ran: nobody waits for it.
    if (schedule.end(key, run) && check != null) {
      result(key, raw, "", check.options(), check.scope() instanceof Scope.Ssh, now);
      share(check.name(), check.scope().name(), check.host(), raw, "");
    }
  }

  private void share(String check, String scope, String host, Raw raw, String state) {
    if (office.isClustered()) {
      deeds.add(new Deed.Share(new Shared(node, check, scope, host, raw, state)));
    }
  }

  /** Throws IllegalArgumentException for a host nobody knows, or too many checks. */
  void report(Report report, Now now) {
    Optional<Check> listed =
        config.checks().values().stream()
            .filter(c -> c.name().equals(report.check()))
            .filter(c -> report.host().isEmpty() || c.host().equals(report.host()))
            .findFirst();
    String key = listed.map(Check::key).orElse(report.check() + "@");
    if (listed.isEmpty()) {
      if (!config.hosts().containsKey(report.host())) {
        throw new IllegalArgumentException(
            "no scope has a check '" + report.check() + "' of host '" + report.host() + "'");
      }
      if (states.size() >= config.checks().size() + MOST_PASSIVE && !states.containsKey(key)) {
        throw new IllegalArgumentException("there are " + MOST_PASSIVE + " submitted checks");
      }
      states.merge(key, CheckState.first(key, report.host()), (old, n) -> old.about(report.host()));
    }
    CheckOptions options = listed.map(Check::options).orElse(config.defaults());
    Raw raw = Raw.exited(report.exit(), report.output());
    String host = states.get(key).host();
    result(key, raw, report.state(), options, false, now);
    String scope = listed.map(c -> c.scope().name()).orElse("");
    share(report.check(), scope, host, raw, report.state());
  }

  /** The daemon of another node has found something; what does not fit here is left alone. */
  void heard(Shared r, Now now) {
    Check check = config.checks().get(r.check() + "@" + r.scope());
    if (hearing.isStrange(r, check)) {
      String which = "node " + r.node() + " has a check '" + r.check() + "' in [" + r.scope();
      String text = which + "], and this one has not; all nodes need the same files";
      tell(Level.WARNING, "files-differ", "", text);
    }
    String key = hearing.key(r, check, office.acts());
    // A check about the node it runs on is about another one there.
    boolean isAboutItsNode = Hearing.isOfOther(key) && check.host().equals(node);
    String host = check == null || isAboutItsNode ? r.host() : check.host();
    boolean hasRoom = states.containsKey(key) || states.size() < Hearing.MOST;
    boolean fits = !key.isEmpty() && config.hosts().containsKey(host) && hasRoom;
    if (!fits || r.node().equals(node)) {
      return;
    }
    states.merge(key, CheckState.first(key, host), (old, n) -> old.about(host));
    if (check == null) {
      result(key, r.raw(), r.state(), config.defaults(), false, now);
    } else {
      if (!isMine(check) || Hearing.isOfOther(key)) {
        hearing.expect(key, now.mono() + patience(check.options()));
      }
      boolean viaSsh = check.scope() instanceof Scope.Ssh;
      result(key, r.raw(), r.state(), check.options(), viaSsh, now);
    }
  }

  /** A check that another node makes is not heard of: nobody could look, or its word is old. */
  private void silent(String key, Now now) {
    CheckState state = states.get(key);
    CheckOptions options = optionsOf(key);
    if (state == null || isMine(config.checks().get(key)) && !Hearing.isOfOther(key)) {
      hearing.forget(key);
    } else if (Hearing.isOfOther(key)) {
      hearing.forget(key);
      states.remove(key);
      tell(Level.WARNING, "check-silent", state.host(), key + ": its word counts no more");
      review(state.host());
    } else {
      hearing.expect(key, now.mono() + patience(options));
      String why = "its node does not tell of it; there must be a daemon with the same files";
      result(key, Raw.exited(255, why), "", options, true, now);
    }
  }

  private void result(
      String key, Raw raw, String said, CheckOptions options, boolean viaSsh, Now now) {
    Reading reading = Reading.of(raw, options, viaSsh, config.words()).saying(said);
    CheckState before = states.get(key);
    CheckState after = before.after(reading, options.attempts(), now.wall());
    states.put(key, after);
    String text = key + ": " + raw.words() + ", " + after.text();
    String last = told.put(key, reading.event());
    boolean isAnother = last != null && !last.equals(reading.event());
    boolean isNew = before.last() == 0 || before.outcome() != after.outcome() || isAnother;
    if (isNew && !reading.event().isEmpty()) {
      tell(Level.WARNING, reading.event(), after.host(), text);
    }
    if (after.unknowns() == options.unknownAfter()) {
      tell(Level.ERROR, "check-unknown", after.host(), text);
      review(after.host());
    }
    deeds.add(new Deed.Save(false));
    if (!after.word().equals(before.word()) || after.weak() != before.weak()) {
      judge(after.host(), key);
    }
  }

  /** Looks again at a host that may have another state than its checks say. */
  void review(String host) {
    states.values().stream()
        .filter(c -> c.host().equals(host) && !c.word().isEmpty())
        .findFirst()
        .ifPresent(c -> judge(host, c.key()));
  }

  private void judge(String host, String key) {
    judge.on(host, key.substring(0, key.indexOf('@')), words(host));
  }

  /** What they say together; see {@link Believing}. */
  private Set<String> words(String host) {
    List<CheckState> counting =
        states.values().stream()
            .filter(c -> c.host().equals(host) && !(isBlind(c) && othersSee(c)))
            .toList();
    return Believing.words(counting, host);
  }

  private boolean isBlind(CheckState c) {
    return c.unknowns() >= optionsOf(c.key()).unknownAfter();
  }

  /** The same check sees it from another node: who cannot look does not contradict. */
  private boolean othersSee(CheckState blind) {
    String here = Hearing.here(blind.key());
    return here.endsWith("@local")
        && states.values().stream()
            .anyMatch(
                c ->
                    Hearing.here(c.key()).equals(here)
                        && c.host().equals(blind.host())
                        && !c.word().isEmpty()
                        && !isBlind(c));
  }

  List<CheckState> states() {
    return new ArrayList<>(states.values());
  }

  private void tell(Level level, String event, String host, String text) {
    deeds.add(new Deed.Tell(new Happening(level, event, host, text)));
  }
}
