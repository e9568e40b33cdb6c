package io.hamlet.agent.basic.core;

import io.hamlet.agent.basic.conf.Transition;
import io.hamlet.agent.basic.core.Happening.Level;
import java.util.Optional;
import java.util.Set;

/** From what the checks of a host say to what is believed of it, and to what then runs. */
final class Judge {
  private final Book book;
  private final Office office;
  private final Sequences sequences;
  private final Plans plans;

  Judge(Book book, Office office, Sequences sequences, Plans plans) {
    this.book = book;
    this.office = office;
    this.sequences = sequences;
    this.plans = plans;
  }

  /**
   * The word of a check has changed.
   *
   * @param said what all checks of that host say together
   */
  void judge(String host, String check, Set<String> said) {
    HostState before = book.host(host);
    if (before == null || office.awaits(host)) {
      return;
    }
    boolean conflict = said.size() > 1;
    if (conflict != before.conflict()) {
      conflict(before, conflict, String.join(", ", said));
    }
    if (!conflict && !said.isEmpty() && !said.contains(before.state())) {
      change(book.host(host), said.iterator().next(), check);
    }
  }

  private void conflict(HostState before, boolean conflict, String said) {
    book.put(before.conflicting(conflict));
    if (conflict) {
      book.tell(Level.ERROR, "conflict", before.host(), "its checks disagree: " + said);
    } else {
      book.tell(Level.INFO, "conflict-over", before.host(), "its checks agree: " + said);
    }
    book.save();
  }

  private void change(HostState before, String to, String check) {
    String host = before.host();
    String from = before.state();
    book.put(before.changed(to, book.now().wall()));
    Optional<Transition> section =
        office.acts() ? book.config().sectionFor(host, from, to) : Optional.empty();
    String nothing = office.acts() ? "; no section is for that" : "; " + office.leads();
    String then = section.map(s -> ", so [" + s.name() + "]").orElse(nothing);
    book.tell(Level.INFO, "state-change", host, from + " -> " + to + ", seen by " + check + then);
    Sequence sequence = section.map(s -> plan(s, host, from, to, check)).orElse(null);
    if (sequence != null) {
      sequences.add(sequence, book.now().mono());
    }
    book.save();
    book.add(new Deed.Announce(host, book.number(to), sequence == null ? 0 : sequence.id()));
  }

  private Sequence plan(Transition section, String host, String from, String to, String check) {
    return plans.of(section.name(), book.config().sections().get(section), host, from, to, check);
  }
}
