package io.hamlet.agent.basic;

import io.hamlet.agent.basic.core.Recorded;
import io.hamlet.agent.basic.core.Shared;
import io.hamlet.agent.script.Raw;
import java.util.Locale;
import java.util.Map;

/** What daemons tell each other, as JSON documents. */
final class SharedText {
  private SharedText() {}

  static Map<String, Object> of(Shared r) {
    return StateText.object(
        "check", r.check(),
        "scope", r.scope(),
        "host", r.host(),
        "end", r.raw().end().name().toLowerCase(Locale.ROOT),
        "exit", r.raw().exit(),
        "state", r.state(),
        "output", r.raw().output());
  }

  /**
   * Throws IllegalArgumentException; unknown fields are ignored.
   *
   * @param from who told it, whatever it says itself
   */
  static Shared read(String from, Fields f) {
    Raw.End end = Raw.End.valueOf(f.text("end").toUpperCase(Locale.ROOT));
    Raw raw = new Raw(end, f.integer("exit"), Reports.output(f));
    return new Shared(
        from, Reports.check(f), f.text("scope"), f.text("host"), raw, f.text("state"));
  }

  static Map<String, Object> of(Recorded r) {
    return StateText.object(
        "node", r.node(),
        "host", StateText.host(r.host()),
        "sequences", r.sequences().stream().map(StateText::sequence).toList());
  }

  /** Throws IllegalArgumentException. */
  static Recorded readRecord(Fields f) {
    return new Recorded(
        StateText.readHost(f.object("host")),
        f.objects("sequences").stream().map(StateText::readSequence).toList(),
        f.text("node"));
  }
}
