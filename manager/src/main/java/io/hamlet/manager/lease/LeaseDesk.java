package io.hamlet.manager.lease;

import io.hamlet.core.lease.Forgotten;
import io.hamlet.core.lease.HearingAct;
import io.hamlet.core.lease.HearingEvent;
import io.hamlet.core.lease.HearingMachine;
import io.hamlet.core.lease.HearingState;
import io.hamlet.core.lease.LeaseEvent;
import io.hamlet.core.lease.LeaseMachine;
import io.hamlet.core.lease.LeaseState;
import io.hamlet.core.lease.LeaseTimes;
import io.hamlet.core.lease.Renewal;
import io.hamlet.core.lease.VoterSet;
import io.hamlet.core.model.Moment;
import io.hamlet.manager.lease.Datagram.Kind;
import io.hamlet.manager.port.Assents;
import io.hamlet.manager.port.Hearing;
import io.hamlet.manager.port.Obituaries;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One manager's part in the datagrams: renews or shows itself, hears the others, answers them. All
 * that decides is in the machines of the core.
 *
 * <p>{@link #received} and {@link #turn} belong to one thread, which may be a simulator's;
 * everything else is for any thread.
 */
public final class LeaseDesk implements Hearing, Assents {
  /** CLOCK_REALTIME may be slewed; a jump of so much between two turns is no slewing. */
  private static final long JUMP_NANOS = 100_000_000L;

  private final String node;
  private final Supplier<Moment> clock;
  private final Post post;
  private final Runnable bell;
  private final Listener listener;
  private final DatagramCodec codec;
  private final Strangers strangers;
  private final ConcurrentLinkedQueue<Consumer<Long>> posted = new ConcurrentLinkedQueue<>();

  private volatile HearingState hearing;
  private volatile LeaseState lease;
  private final Map<String, Answer> answers = new TreeMap<>();
  private final Leashes leashes = new Leashes();
  private volatile Runnable moved = () -> {};
  private volatile Consumer<String> lapsed = text -> {};
  private final Lapse lapse = new Lapse(text -> lapsed.accept(text));
  private volatile Obituaries obituaries = (node, incarnation, all) -> {};
  private Speaker speaker = Speaker.NOBODY;
  private long renewed;

  /** When the first renewal went out that no other node has answered; else never. */
  private long unanswered = LeaseState.NEVER;

  private long wallAhead;

  /** Where a voter's acting HAM last answered from, and to which renewal. */
  private record Answer(SocketAddress source, long number) {}

  /**
   * As whom this process speaks.
   *
   * @param incarnation -1: it does not yet
   */
  private record Speaker(boolean guardian, long incarnation, long epoch) {
    static final Speaker NOBODY = new Speaker(true, -1, 0);
  }

  /**
   * @param bell called after something was posted, by any thread, to have {@link #turn} called
   * @param notices for people; called on the lease thread
   */
  public LeaseDesk(
      String node,
      LeaseKey key,
      LeaseTimes times,
      Supplier<Moment> clock,
      Post post,
      Runnable bell,
      Listener listener,
      Consumer<String> notices) {
    this.node = node;
    this.clock = clock;
    this.post = post;
    this.bell = bell;
    this.listener = listener;
    this.codec = new DatagramCodec(key);
    this.strangers = new Strangers(notices);
    Moment now = clock.get();
    this.hearing = HearingState.begin(node, times, now.bootNanos());
    this.lease = LeaseState.begin(node, times, now.bootNanos());
    this.wallAhead = now.wallNanos() - now.bootNanos();
  }

  /** This process is the Guardian of its node: it shows itself and acknowledges nothing. */
  public void guard(long incarnation) {
    post(now -> begin(new Speaker(true, incarnation, 0), now));
  }

  /**
   * This process is the acting HAM of its node. It holds no lease, and acknowledges nothing until
   * {@link #ready}.
   */
  public void reign(long incarnation, long epoch) {
    post(now -> begin(new Speaker(false, incarnation, epoch), now));
  }

  private void begin(Speaker nowSpeaker, long now) {
    speaker = nowSpeaker;
    answers.clear();
    unanswered = LeaseState.NEVER;
    VoterSet set = lease.set();
    lease = LeaseState.begin(node, lease.times(), now).afterNumber(lease.number());
    renew(new LeaseEvent.SetChanged(now, set));
    hear(new HearingEvent.Began(now), null, null);
  }

  /**
   * The newest voter set of this node's log, or the newest it knows of if it does not vote. May be
   * called before {@link #reign} or {@link #guard}, and again with the same.
   */
  public void voters(VoterSet set) {
    post(
        now -> {
          renew(new LeaseEvent.SetChanged(now, set));
          hear(new HearingEvent.SetAdopted(now, set), null, null);
        });
  }

  /** This voter has applied an entry of the current leader's term. */
  public void ready() {
    post(now -> hear(new HearingEvent.Ready(), null, null));
  }

  @Override
  public void fence(String other, long incarnation) {
    post(now -> hear(new HearingEvent.FenceApplied(other, incarnation), null, null));
  }

  @Override
  public void forget(Forgotten forgotten) {
    post(now -> hear(new HearingEvent.ForgetApplied(forgotten), null, null));
  }

  /** Called on the lease thread when the end of the lease has moved; must return quickly. */
  public void onMove(Runnable told) {
    moved = told;
  }

  /** Called on the lease thread with why this node has lost its lease, or that it has it again. */
  public void onLapse(Consumer<String> told) {
    lapsed = told;
  }

  /** Who is told of leashes that have done their work; who is told of none before. */
  public void obituaries(Obituaries told) {
    obituaries = told;
  }

  /**
   * A generation of a node's leash is committed.
   *
   * @param hash see {@link LeashSecret#hash}
   */
  public void leashed(String other, long incarnation, long generation, String hash) {
    post(now -> leashes.commit(other, incarnation, generation, hash));
  }

  @Override
  public Last last(String other, long incarnation) {
    HearingState known = hearing;
    return known.isFenced(other, incarnation)
        ? new Last(known.set(), Math.max(0, known.ackAge(other, clock.get().bootNanos())))
        : null;
  }

  @Override
  public void watch(SortedMap<String, LeaseTimes> nodes) {
    SortedMap<String, LeaseTimes> copy = new TreeMap<>(nodes);
    post(now -> hear(new HearingEvent.Watched(now, copy), null, null));
  }

  @Override
  public void gone(String other) {
    post(now -> hear(new HearingEvent.Hinted(now, other), null, null));
  }

  /** The lease of this node as of now. */
  public LeaseState lease() {
    return lease;
  }

  /** What was heard, as of now. */
  public HearingState hearing() {
    return hearing;
  }

  @Override
  public long silentNanos(String other) {
    long since = hearing.silentSince(other);
    return since == LeaseState.NEVER
        ? Long.MAX_VALUE
        : Math.max(0, clock.get().bootNanos() - since);
  }

  @Override
  public boolean suspects(String other) {
    return hearing.suspects(other);
  }

  @Override
  public boolean heardUnder(String other, long incarnation) {
    HearingState known = hearing;
    return known.voice(other).incarnation() == incarnation && !known.suspects(other);
  }

  @Override
  public long clockOf(String other) {
    return hearing.voice(other).clockAt(clock.get().bootNanos());
  }

  private void post(Consumer<Long> work) {
    posted.add(work);
    bell.run();
  }

  /**
   * Does what is due.
   *
   * @param now read before the last look for datagrams, so that none that had come can be missed
   *     when somebody is found silent
   * @return when to call again at the latest, CLOCK_BOOTTIME in nanoseconds
   */
  public long turn(Moment now) {
    long boot = now.bootNanos();
    lapse.turn(lease, boot);
    for (Consumer<Long> work = posted.poll(); work != null; work = posted.poll()) {
      work.accept(boot);
    }
    long ahead = now.wallNanos() - boot;
    if (Math.abs(ahead - wallAhead) > JUMP_NANOS) {
      renew(new LeaseEvent.Doubted(boot));
    }
    wallAhead = ahead;
    renew(new LeaseEvent.Tick(boot));
    hear(new HearingEvent.Tick(boot), null, null);
    return Math.min(lease.due(), hearing.due());
  }

  /**
   * A datagram came.
   *
   * @param in from its position to its limit; must have an array
   */
  public void received(ByteBuffer in, SocketAddress source) {
    long now = clock.get().bootNanos();
    if (Obituary.isOne(in)) {
      mourn(Obituary.read(in), source, now);
      return;
    }
    Datagram it = codec.open(in);
    if (it == null) {
      strangers.drop(codec.fault().text, source, now);
    } else if (!it.to().isEmpty() && !it.to().equals(node)) {
      strangers.drop("it is for node '" + it.to() + "'", source, now);
    } else {
      if (!it.from().equals(node)) {
        unanswered = LeaseState.NEVER;
      }
      switch (it.kind()) {
        case RENEW -> heardRenewal(it, source, now);
        case PRESENT -> heardSign(it, source, now);
        case ASK -> answer(source, now);
        case ACK, SET, FENCED -> answered(it, source, now);
      }
    }
  }

  private void mourn(Obituary it, SocketAddress source, long now) {
    Optional<LeashSecret.Scope> proven = it == null ? Optional.empty() : leashes.proven(it);
    if (proven.isPresent()) {
      obituaries.ended(it.node(), it.incarnation(), proven.get() == LeashSecret.Scope.ALL);
    } else {
      strangers.drop("an obituary that proves nothing", source, now);
    }
  }

  /** How many datagrams were none of ours. Lease thread only. */
  public long dropped() {
    return strangers.dropped();
  }

  private void heardRenewal(Datagram it, SocketAddress source, long now) {
    hear(
        new HearingEvent.Renewed(
            now,
            it.from(),
            it.incarnation(),
            it.epoch(),
            it.number(),
            it.set().index(),
            it.ageNanos()),
        it,
        source);
  }

  private void heardSign(Datagram it, SocketAddress source, long now) {
    hear(
        new HearingEvent.Present(
            now, it.from(), it.guardian(), it.incarnation(), it.epoch(), it.number()),
        it,
        source);
  }

  private void answer(SocketAddress source, long now) {
    if (speaker.incarnation >= 0) {
      lease = LeaseMachine.apply(lease, new LeaseEvent.Asked(now)).state();
      post.back(source, codec.seal(own(Kind.PRESENT, lease.number(), VoterSet.NONE, 0)));
    }
  }

  private void answered(Datagram it, SocketAddress source, long now) {
    boolean ours =
        !speaker.guardian && it.incarnation() == speaker.incarnation && it.epoch() == speaker.epoch;
    if (!ours) {
      return;
    }
    answers.put(it.from(), new Answer(source, it.number()));
    switch (it.kind()) {
      case ACK -> {
        lapse.look(lease, now);
        renew(new LeaseEvent.Acked(it.from(), it.number(), it.set().index()));
      }
      case SET -> renew(new LeaseEvent.Refused(now, it.from(), it.number(), it.set()));
      default -> renew(new LeaseEvent.Fenced(now));
    }
  }

  /** The Guardian goes through the same turns; it shows itself where the HAM renews. */
  private void renew(LeaseEvent event) {
    LeaseMachine.Step step = LeaseMachine.apply(lease, event);
    boolean same = step.state().end() == lease.end();
    lease = step.state();
    if (!same) {
      moved.run();
    }
    Renewal renewal = step.renewal();
    if (renewal != null && speaker.incarnation >= 0) {
      Kind kind = speaker.guardian ? Kind.PRESENT : Kind.RENEW;
      VoterSet index = new VoterSet(renewal.set().index(), List.of());
      long age = kind == Kind.RENEW ? unanswered(renewal.sent()) : 0;
      ByteBuffer bytes = codec.seal(own(kind, renewal.number(), index, age));
      for (String voter : renewal.set().voters()) {
        say(voter, bytes.duplicate());
      }
      renewed = renewal.number();
    }
  }

  /** By its own sending, so that who stood still itself takes nobody for silent. */
  private long unanswered(long now) {
    unanswered = unanswered == LeaseState.NEVER ? now : unanswered;
    return now - unanswered;
  }

  /**
   * To the slot from which the renewal before this was answered, else to both; the Guardian of a
   * voter need not be woken each time. The own HAM needs no sign of its Guardian.
   */
  private void say(String voter, ByteBuffer bytes) {
    Answer last = answers.get(voter);
    if (speaker.guardian && voter.equals(node)) {
      return;
    }
    if (last != null && last.number == renewed && !speaker.guardian) {
      post.toSlot(voter, last.source, bytes);
    } else {
      post.toNode(voter, bytes);
    }
  }

  private Datagram own(Kind kind, long number, VoterSet set, long age) {
    return new Datagram(
        kind, speaker.guardian, node, "", speaker.incarnation, speaker.epoch, number, set, age);
  }

  /**
   * @param it what is to be answered, or null
   */
  private void hear(HearingEvent event, Datagram it, SocketAddress source) {
    HearingMachine.Step step = HearingMachine.apply(hearing, event);
    hearing = step.state();
    for (HearingAct act : step.acts()) {
      switch (act) {
        case HearingAct.Acknowledge yes -> back(source, Kind.ACK, it, indexOf(it), 0);
        case HearingAct.NameSet no -> back(source, Kind.SET, it, no.set(), 0);
        case HearingAct.SayFenced no ->
            back(source, Kind.FENCED, it, indexOf(it), Math.max(0, no.ageNanos()));
        case HearingAct.Ask ask ->
            post.toNode(
                ask.node(),
                codec.seal(
                    new Datagram(Kind.ASK, false, node, ask.node(), 0, 0, 0, VoterSet.NONE, 0)));
        case HearingAct.Suspect silent -> listener.silent(silent.node(), silent.incarnation());
        case HearingAct.HeardAgain again -> listener.heardAgain(again.node(), again.incarnation());
      }
    }
  }

  private static VoterSet indexOf(Datagram it) {
    return new VoterSet(it.set().index(), List.of());
  }

  private void back(SocketAddress source, Kind kind, Datagram it, VoterSet set, long age) {
    post.back(
        source,
        codec.seal(
            new Datagram(
                kind,
                false,
                node,
                it.from(),
                it.incarnation(),
                it.epoch(),
                it.number(),
                set,
                age)));
  }
}
