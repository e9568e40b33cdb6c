package io.hamlet.agent.basic.core;

import io.hamlet.agent.basic.conf.BasicConfig;
import io.hamlet.agent.basic.core.Happening.Level;
import io.hamlet.agent.script.Raw;
import java.util.List;

/**
 * The brain of the basic HA daemon (sam.md 5.5): results in, deeds out. Deterministic, and for one
 * thread. A deed that saves comes before what relies on it.
 */
public final class BasicMachine {
  private final Book book;
  private final Office office;
  private final Sequences sequences;
  private final Course course;
  private final Checks checks;
  private final Succession succession;
  private final List<Sequence> cut;

  /**
   * Nothing is believed yet but what was before.
   *
   * @param clustered others like this may be there, and one of them acts
   */
  public BasicMachine(String node, boolean clustered, BasicState before) {
    book = new Book(node, before);
    office = new Office(node, clustered);
    sequences = new Sequences(book.deeds());
    Plans plans = new Plans(book);
    Judge judge = new Judge(book, office, sequences, plans);
    course = new Course(book, office, sequences, plans);
    checks = new Checks(node, office, before.checks(), book.deeds(), judge::judge);
    succession = new Succession(book, office, sequences, course, checks);
    cut = before.sequences();
  }

  /** The first input. */
  public List<Deed> begin(BasicConfig first, Now now) {
    book.now(now);
    arrange(first);
    // In a cluster the record tells the one that acts of it, here or elsewhere.
    if (!office.isClustered()) {
      cut.forEach(course::interrupted);
    }
    book.save();
    return proceed();
  }

  /** The files were read anew. */
  public List<Deed> configure(BasicConfig next, Now now) {
    book.now(now);
    arrange(next);
    book.tell(Level.INFO, "reloaded", "", next.checks().size() + " checks");
    book.save();
    return proceed();
  }

  private void arrange(BasicConfig next) {
    book.arrange(next);
    checks.arrange(next, book.now());
    book.add(book.arrangement());
  }

  /** Time has passed. */
  public List<Deed> tick(Now now) {
    book.now(now);
    sequences.expire(now.mono());
    checks.tick(now);
    return proceed();
  }

  /** When {@link #tick} is wanted next, on the clock that never jumps. */
  public long nextTick() {
    return Math.min(checks.next(), sequences.next());
  }

  // --- checks -----------------------------------------------------------------------------------

  /** A run of a check has ended. */
  public List<Deed> checkEnded(String key, long run, Raw raw, Now now) {
    book.now(now);
    checks.ended(key, run, raw, now);
    return proceed();
  }

  /** The daemon of another node has found something; what does not fit here is left alone. */
  public List<Deed> heard(Shared r, Now now) {
    book.now(now);
    checks.heard(r, now);
    return proceed();
  }

  /**
   * Somebody submits a result.
   *
   * @throws IllegalArgumentException for a host nobody knows, or too many checks
   */
  public List<Deed> report(Report report, Now now) {
    book.now(now);
    checks.report(report, now);
    return proceed();
  }

  // --- sequences --------------------------------------------------------------------------------

  /** The manager has fired the condition of that name. */
  public List<Deed> fired(String host, String section, Now now) {
    book.now(now);
    sequences.fired(host, section);
    return proceed();
  }

  /** The manager cannot be told. */
  public List<Deed> announceFailed(long sequence, String why, Now now) {
    book.now(now);
    sequences.drop(sequence, why + "; nothing was run");
    return proceed();
  }

  /** A command of a sequence has ended. */
  public List<Deed> stepEnded(long id, int at, Raw raw, Now now) {
    book.now(now);
    Sequence s = sequences.running(id);
    if (s != null && s.at() == at) {
      course.ended(s, raw);
    }
    return proceed();
  }

  // --- the cluster ------------------------------------------------------------------------------

  /** Things stand otherwise in the cluster, or it was asked what is kept there. */
  public List<Deed> standing(Standing next, Now now) {
    book.now(now);
    succession.standing(next);
    return proceed();
  }

  /** The cluster keeps what was to be kept of a host. */
  public List<Deed> kept(long sequence, int at, Now now) {
    book.now(now);
    Sequence s = sequences.running(sequence);
    if (office.entered(sequence, at) && s != null) {
      book.add(course.step(s));
    }
    return proceed();
  }

  /** Another daemon has written of that host since: it acts, and not we. */
  public List<Deed> superseded(String host, Now now) {
    book.now(now);
    succession.superseded(host);
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

  // ----------------------------------------------------------------------------------------------

  /** Starts what may start, and hands out all that is to be done. */
  private List<Deed> proceed() {
    course.start();
    succession.keep();
    checks.start(host -> book.host(host).shown(), book.now());
    return book.take();
  }

  /** All that is to outlive this process. */
  public BasicState state() {
    return book.state(checks.states(), sequences.all());
  }
}
