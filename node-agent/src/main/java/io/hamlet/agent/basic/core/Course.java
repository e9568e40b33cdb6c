package io.hamlet.agent.basic.core;

import io.hamlet.agent.basic.conf.Step;
import io.hamlet.agent.basic.core.Happening.Level;
import io.hamlet.agent.script.Raw;
import java.util.ArrayList;
import java.util.List;

/** How a sequence goes on: command by command, to its end or to its failure. For one thread. */
final class Course {
  private final Book book;
  private final Office office;
  private final Sequences sequences;
  private final Plans plans;

  Course(Book book, Office office, Sequences sequences, Plans plans) {
    this.book = book;
    this.office = office;
    this.sequences = sequences;
    this.plans = plans;
  }

  /** Starts what may start. */
  void start() {
    int atOnce = office.acts() ? book.options().parallelHosts() : 0;
    for (Sequence s : sequences.start(atOnce)) {
      if (s.isOver()) {
        finish(s);
      } else {
        run(s);
      }
    }
  }

  /** A command of a sequence has ended. */
  void ended(Sequence s, Raw raw) {
    boolean failure = !raw.succeeded() && !s.commands().get(s.at()).ignoreFailure();
    String text = "[" + s.section() + "] " + s.command() + ": " + raw.words();
    book.tell(failure ? Level.ERROR : Level.INFO, "command-ended", s.host(), text);
    Sequence next = s.past(failure);
    if (next.isOver() || (failure && book.options().stopOnFailure())) {
      finish(next);
    } else {
      run(next);
    }
  }

  /** It was at a command when its daemon ended, so that nobody knows how far that came. */
  void interrupted(Sequence s) {
    boolean goesOn = book.options().resume() && book.host(s.host()) != null;
    String where = "[" + s.section() + "] was cut off at command " + (s.at() + 1) + ", ";
    String then = goesOn ? "; it goes on there" : "; it is not repeated";
    book.tell(Level.ERROR, "sequence-interrupted", s.host(), where + s.command() + then);
    if (goesOn) {
      goOn(s);
    }
  }

  /** Where it was, or from its beginning when its turn comes. */
  void goOn(Sequence s) {
    boolean isUnderWay = s.phase() == Sequence.Phase.RUNNING || s.at() > 0;
    if (isUnderWay && !s.isOver()) {
      run(s.in(Sequence.Phase.RUNNING));
    } else {
      sequences.restore(s);
    }
  }

  /** What does its command at last, in a cluster once that is recorded. */
  Deed step(Sequence s) {
    return new Deed.RunStep(
        s.id(),
        s.at(),
        s.commands().get(s.at()).words(),
        s.environment(),
        book.options().timeout(),
        book.options().killAfter());
  }

  /** The next one to lead goes on at a command that has not begun. */
  void handOver(Sequence s) {
    office.forget(s);
    sequences.end(s);
    String text = "[" + s.section() + "] is left at command " + (s.at() + 1) + ", " + s.command();
    book.tell(Level.WARNING, "sequence-left", s.host(), text + "; " + office.leads());
    leave(s.host(), List.of(s.in(Sequence.Phase.FIRED)));
  }

  private void run(Sequence s) {
    sequences.goOn(s);
    if (!office.isClustered()) {
      book.save();
      book.add(step(s));
    } else if (office.acts()) {
      book.save();
      // It begins when that is recorded; the machine sees to it.
      office.enter(s);
    } else {
      handOver(s);
    }
  }

  /** Writes how far it came, for whoever leads. */
  private void leave(String host, List<Sequence> first) {
    List<Sequence> all = new ArrayList<>(first);
    all.addAll(sequences.of(host));
    sequences.leave(host);
    book.save();
    if (book.host(host) != null) {
      book.add(office.write(office.record(book.host(host), all)));
    }
  }

  private void finish(Sequence s) {
    sequences.end(s);
    book.save();
    boolean goesOn = false;
    if (s.failed()) {
      goesOn = failed(s);
    } else {
      book.tell(Level.INFO, "sequence-done", s.host(), "[" + s.section() + "]");
    }
    if (!goesOn && !office.acts()) {
      leave(s.host(), List.of());
    }
  }

  /** True when its failure section is to run now. */
  private boolean failed(Sequence s) {
    String skipped = s.isOver() ? "" : "; not run: " + s.command() + " and what follows it";
    book.tell(Level.ERROR, "action-failed", s.host(), "[" + s.section() + "]" + skipped);
    HostState host = book.host(s.host());
    if (host != null) {
      book.put(host.failed());
    }
    List<Step> steps = book.config().failureOf(s.host(), s.from(), s.to());
    if (s.afterFailure() || steps.isEmpty()) {
      return false;
    }
    Sequence next = plans.afterFailure(s, steps);
    if (next != null) {
      run(next);
    }
    return next != null;
  }
}
