package io.hamlet.agent.basic;

import io.hamlet.agent.basic.core.BasicState;
import io.hamlet.agent.basic.core.CheckState;
import io.hamlet.agent.basic.core.HostState;
import io.hamlet.agent.basic.core.Outcome;
import io.hamlet.agent.basic.core.Sequence;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The state of the daemon as a JSON document, for the database and for those who ask. */
final class StateText {
  private StateText() {}

  static Map<String, Object> object(Object... pairs) {
    Map<String, Object> object = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      object.put((String) pairs[i], pairs[i + 1]);
    }
    return object;
  }

  static Map<String, Object> of(BasicState state) {
    return object(
        "next", state.next(),
        "words", state.words(),
        "hosts", state.hosts().stream().map(StateText::host).toList(),
        "checks", state.checks().stream().map(StateText::check).toList(),
        "sequences", state.sequences().stream().map(StateText::sequence).toList());
  }

  /** Throws IllegalArgumentException. */
  static BasicState read(Fields f) {
    return new BasicState(
        f.objects("hosts").stream().map(StateText::readHost).toList(),
        f.objects("checks").stream().map(StateText::readCheck).toList(),
        f.objects("sequences").stream().map(StateText::readSequence).toList(),
        f.texts("words"),
        f.number("next"));
  }

  static Map<String, Object> host(HostState h) {
    return object(
        "host", h.host(),
        "state", h.shown(),
        "agreed", h.state(),
        "since", h.since(),
        "conflict", h.conflict(),
        "action_failed", h.actionFailed());
  }

  static HostState readHost(Fields f) {
    return new HostState(
        f.text("host"),
        f.text("agreed"),
        f.number("since"),
        f.flag("conflict"),
        f.flag("action_failed"));
  }

  private static Map<String, Object> check(CheckState c) {
    return object(
        "check", c.key(),
        "host", c.host(),
        "result", c.outcome().name(),
        "text", c.text(),
        "performance", c.performance(),
        "state", c.word(),
        "weak", c.weak(),
        "candidate", c.candidate(),
        "attempt", c.count(),
        "unknowns", c.unknowns(),
        "since", c.since(),
        "last", c.last());
  }

  private static CheckState readCheck(Fields f) {
    return new CheckState(
        f.text("check"),
        f.text("host"),
        Outcome.valueOf(f.text("result")),
        f.text("text"),
        f.text("performance"),
        f.text("state"),
        f.flag("weak"),
        f.text("candidate"),
        f.integer("attempt"),
        f.integer("unknowns"),
        f.number("since"),
        f.number("last"));
  }

  static Map<String, Object> sequence(Sequence s) {
    List<Map<String, Object>> commands =
        s.commands().stream()
            .map(c -> object("words", c.words(), "ignore_failure", c.ignoreFailure()))
            .toList();
    return object(
        "id", s.id(),
        "host", s.host(),
        "from", s.from(),
        "to", s.to(),
        "section", s.section(),
        "commands", commands,
        "environment", s.environment(),
        "phase", s.phase().name(),
        "at", s.at(),
        "failed", s.failed(),
        "after_failure", s.afterFailure());
  }

  static Sequence readSequence(Fields f) {
    return new Sequence(
        f.number("id"),
        f.text("host"),
        f.text("from"),
        f.text("to"),
        f.text("section"),
        f.objects("commands").stream()
            .map(c -> new Sequence.Command(c.texts("words"), c.flag("ignore_failure")))
            .toList(),
        f.variables("environment"),
        Sequence.Phase.valueOf(f.text("phase")),
        f.integer("at"),
        f.flag("failed"),
        f.flag("after_failure"));
  }
}
