package io.hamlet.agent.basic.core;

import io.hamlet.agent.basic.core.Happening.Level;
import java.util.Map;

/**
 * What changes hands when another node of the cluster leads, by the record that the cluster keeps
 * of each host. For one thread.
 */
final class Succession {
  private final Book book;
  private final Office office;
  private final Sequences sequences;
  private final Course course;
  private final Checks checks;

  Succession(Book book, Office office, Sequences sequences, Course course, Checks checks) {
    this.book = book;
    this.office = office;
    this.sequences = sequences;
    this.course = course;
    this.checks = checks;
  }

  /** Things stand otherwise in the cluster, or it was asked what is kept there. */
  void standing(Standing next) {
    boolean acted = office.acts();
    office.stand(next);
    if (next.acts() && next.records() != null) {
      takeOver(next.records(), !acted);
    } else if (acted && !next.acts()) {
      book.tell(Level.INFO, "office-left", "", office.leads());
      sequences.running().stream().filter(office::isEntering).forEach(course::handOver);
      for (HostState host : book.hosts()) {
        if (sequences.isIdle(host.host())) {
          sequences.leave(host.host());
        }
      }
    }
    checks.standing(book.now());
  }

  private void takeOver(Map<String, Recorded> records, boolean isNew) {
    if (isNew) {
      String text = "node " + book.node() + " leads: sequences run here";
      book.tell(Level.INFO, "office-taken", "", text);
      book.hosts().forEach(h -> sequences.leave(h.host()));
    }
    for (HostState each : book.hosts()) {
      String host = each.host();
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
    HostState before = book.host(recorded.host());
    book.put(recorded);
    if (!before.state().equals(recorded.state())) {
      book.add(new Deed.Announce(recorded.host(), book.number(recorded.state()), 0));
    }
  }

  /** Goes on with what another began, or this one before its office was interrupted. */
  private void adopt(Recorded found) {
    String host = found.host().host();
    boolean isOurs = found.node().equals(book.node());
    for (Sequence s : found.sequences()) {
      boolean isBegun = s.phase() == Sequence.Phase.RUNNING;
      if (isBegun && isOurs && sequences.running(s.id()) != null) {
        continue;
      }
      boolean mayRun = isBegun && !isOurs && office.isUp(found.node());
      if (mayRun && !office.isOverdue(host, book.now().mono())) {
        long limit = book.options().timeout().plus(book.options().killAfter()).toMillis();
        office.await(host, limit, book.now().mono());
        return;
      }
      Sequence ours = s.ownedBy(book.node(), book.nextSequence());
      if (isBegun) {
        course.interrupted(ours);
      } else {
        course.goOn(ours);
      }
    }
    office.awaitNoMore(host);
  }

  /** Another daemon has written of that host since: it acts, and not we. */
  void superseded(String host) {
    for (Sequence s : sequences.of(host)) {
      if (office.isEntering(s)) {
        office.forget(s);
        sequences.end(s);
        String text = "[" + s.section() + "] at command " + (s.at() + 1) + ": another node has it";
        book.tell(Level.WARNING, "sequence-left", host, text);
      }
    }
    sequences.leave(host);
  }

  /** Has the cluster keep what is new of each host. */
  void keep() {
    if (!office.isClustered() || !office.acts()) {
      return;
    }
    for (HostState host : book.hosts()) {
      Deed.Keep keep = office.keep(host, sequences.of(host.host()));
      if (keep != null) {
        book.add(keep);
      }
    }
    if (office.awaitsAny()) {
      book.add(new Deed.Look());
    }
  }
}
