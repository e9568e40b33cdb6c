package io.hamlet.agent.basic.core;

import io.hamlet.agent.basic.conf.Step;
import io.hamlet.agent.basic.conf.Variables;
import io.hamlet.agent.basic.core.Happening.Level;
import java.util.List;

/** Makes sequences of what the sections say, with all variables replaced. For one thread. */
final class Plans {
  private final Book book;

  Plans(Book book) {
    this.book = book;
  }

  /** For a change; null when a variable has no value: then nothing at all is run. */
  Sequence of(String section, List<Step> steps, String host, String from, String to, String check) {
    return make(section, steps, host, from, to, check, false);
  }

  /** For a sequence that failed; null as above. */
  Sequence afterFailure(Sequence s, List<Step> steps) {
    String check = s.environment().getOrDefault("HAM_CHECK", "");
    return make("failed:" + s.section(), steps, s.host(), s.from(), s.to(), check, true);
  }

  private Sequence make(
      String section,
      List<Step> steps,
      String host,
      String from,
      String to,
      String check,
      boolean afterFailure) {
    Values values = new Values(book.hosts(), host, from, to, check, book.node());
    List<Sequence.Command> commands;
    try {
      commands = values.expand(steps);
    } catch (Variables.Unresolved e) {
      String text = "[" + section + "] is not run: " + e.getMessage();
      book.tell(Level.ERROR, "variable-unresolved", host, text);
      return null;
    }
    values.ambiguous(steps).forEach(a -> book.tell(Level.WARNING, "several-candidates", host, a));
    return new Sequence(
        book.nextSequence(),
        host,
        from,
        to,
        section,
        commands,
        values.environment(),
        afterFailure ? Sequence.Phase.RUNNING : Sequence.Phase.ANNOUNCED,
        0,
        false,
        afterFailure);
  }
}
