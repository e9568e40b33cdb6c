package io.hamlet.agent.leash;

import io.hamlet.agent.os.Kernel;
import io.hamlet.agent.os.KernelException;
import io.hamlet.agent.os.Reactor;
import io.hamlet.agent.process.ProcFiles;
import io.hamlet.manager.lease.LeashSecret;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The leash of a node as its acting HAM has it: made, adopted from a HAM before, told its
 * deadlines, and replaced when it dies or does not read. Thread-safe; a thread of its own does the
 * work.
 */
public final class Leash implements AutoCloseable {
  /** There is nothing to end at any time. */
  public static final long NOTHING = Long.MIN_VALUE;

  private static final Logger LOG = LoggerFactory.getLogger(Leash.class);
  private static final long FIRST_PAUSE_NANOS = 100_000_000L;
  private static final long LONGEST_PAUSE_NANOS = 5_000_000_000L;
  private static final long NANOS_PER_MILLI = 1_000_000L;

  private final Kernel kernel;
  private final ProcFiles proc;
  private final Place place;
  private final LeashMaker maker;
  private final LongConsumer page;
  private final Listener listener;
  private final SecureRandom random = new SecureRandom();
  private final Reactor reactor;
  private final Thread thread;
  private volatile boolean closed;
  private volatile Standing standing;
  private volatile String trouble = "";
  private volatile long wanted = NOTHING;
  private long incarnation;
  private String voters = "";
  private Hold hold;
  private int vain;

  /**
   * Where a leash belongs.
   *
   * @param record on tmpfs, see {@link LeashRecord}
   * @param longestNanos no deadline is ever further away
   */
  public record Place(String node, Cordon cordon, Path record, long longestNanos) {}

  /** Who hears of it, on the thread of the leash. */
  public interface Listener {
    /** There is another leash; it covers nothing before its hash is committed. */
    void made(LeashRecord record);

    /** It is armed now, and was not, or the other way round. */
    void turned();
  }

  /**
   * A leash that lives, as far as is known.
   *
   * @param deadline it was told; {@link #NOTHING}: it is not armed
   */
  public record Standing(LeashRecord record, long deadline) {}

  private record Hold(LeashRecord record, int pidfd, Rein rein) {}

  /**
   * @param page told each generation whose record is written
   */
  public Leash(Kernel kernel, Place place, LongConsumer page, Listener listener) {
    this.kernel = kernel;
    this.proc = new ProcFiles(kernel);
    this.place = place;
    this.maker = new LeashMaker(kernel, place.cordon, place.node, place.longestNanos);
    this.page = page;
    this.listener = listener;
    this.reactor = new Reactor(kernel);
    this.thread = Thread.ofPlatform().name("leash").daemon().unstarted(this::run);
    thread.start();
  }

  /** From now on there is a leash for that incarnation; the living one if it is of it. */
  public void begin(long ofIncarnation) {
    reactor.execute(
        () -> {
          if (incarnation != ofIncarnation) {
            incarnation = ofIncarnation;
            renew();
          }
        });
  }

  /** Whom it is to tell: each slot of each voter. */
  public void voters(List<InetSocketAddress> places) {
    String line =
        places.stream()
            .map(p -> p.getAddress().getHostAddress() + "/" + p.getPort())
            .collect(Collectors.joining(" ", "V ", ""));
    reactor.execute(
        () -> {
          if (!line.equals(voters)) {
            voters = line;
            say(line);
          }
        });
  }

  /**
   * Until when there may be something that only this node may run.
   *
   * @param deadline CLOCK_BOOTTIME in nanoseconds; Long.MAX_VALUE: for as long as a manager lives;
   *     {@link #NOTHING}
   */
  public void cover(long deadline) {
    if (deadline != wanted) {
      wanted = deadline;
      reactor.execute(this::sayDeadline);
    }
  }

  /** Null: there is none, and nothing may be started that needs one. */
  public Standing standing() {
    return standing;
  }

  /** Why there is none, and what to do; empty if all is well. */
  public String trouble() {
    return trouble;
  }

  private void run() {
    while (!closed) {
      reactor.await(Long.MAX_VALUE);
    }
    letGo();
    reactor.close();
  }

  private void renew() {
    try {
      letGo();
      agree();
      hold = adopt();
      if (hold == null) {
        endAll();
        place.cordon.sweep();
        hold = make();
      }
      reactor.add(hold.pidfd, Kernel.EPOLL_IN, events -> gone());
      vain = 0;
      trouble = "";
      page.accept(hold.record.generation());
      standing = new Standing(hold.record, NOTHING);
      say(voters);
      sayDeadline();
      listener.made(hold.record);
    } catch (IOException | RuntimeException e) {
      lack(e.getMessage());
    }
  }

  /** The leash reads another clock than we: in some containers that one tells something else. */
  private void agree() {
    String uptime = proc.read("/proc/uptime").split(" ")[0];
    long theirs = Math.round(Double.parseDouble(uptime) * 1e9);
    if (Math.abs(kernel.bootNanos() - theirs) > FIRST_PAUSE_NANOS) {
      throw new IllegalStateException("/proc/uptime is not CLOCK_BOOTTIME here: " + uptime);
    }
  }

  private Hold adopt() {
    LeashRecord record = LeashRecord.read(place.record);
    if (record == null
        || record.incarnation() != incarnation
        || !place.cordon.leashes(proc).equals(List.of(record.process().pid()))) {
      return null;
    }
    Rein rein = Rein.to(kernel, record.process());
    if (rein == null) {
      return null;
    }
    long pidfd = kernel.pidfdOpen(record.process().pid());
    if (pidfd < 0 || !proc.isThere(record.process())) {
      rein.close();
      return null;
    }
    return new Hold(record, (int) pidfd, rein);
  }

  /** Those of pairs before, too: none must wake up later and end what is started now. */
  private void endAll() {
    for (long pid : place.cordon.leashes(proc)) {
      long pidfd = kernel.pidfdOpen(pid);
      if (pidfd >= 0) {
        end((int) pidfd);
        kernel.close((int) pidfd);
      }
    }
  }

  private void end(int pidfd) {
    kernel.pidfdSignal(pidfd, Kernel.SIGKILL);
    int epoll = (int) KernelException.check(kernel.epollCreate(), "epoll_create1");
    try {
      kernel.epollAdd(epoll, pidfd, Kernel.EPOLL_IN);
      if (kernel.epollWait(epoll, new long[1], LONGEST_PAUSE_NANOS) == 0) {
        throw new IllegalStateException("a leash does not die");
      }
    } finally {
      kernel.close(epoll);
    }
    kernel.reapChild(pidfd);
  }

  private Hold make() throws IOException {
    LeashRecord before = LeashRecord.read(place.record);
    long number = Math.max(0, kernel.bootNanos() / NANOS_PER_MILLI);
    if (before != null && before.incarnation() == incarnation) {
      number = Math.max(number, before.generation() + 1);
    }
    LeashSecret secret = LeashSecret.draw(random);
    LeashMaker.Made made = maker.make(incarnation, number, secret);
    LeashRecord record = new LeashRecord(made.process(), incarnation, number, secret.hash());
    Hold fresh = new Hold(record, made.pidfd(), made.rein());
    try {
      record.write(place.record);
    } catch (IOException e) {
      drop(fresh);
      throw e;
    }
    return fresh;
  }

  private void sayDeadline() {
    long deadline = wanted;
    if (standing != null && standing.deadline != deadline) {
      long told = deadline == NOTHING ? Long.MAX_VALUE : deadline;
      if (say(LeashMaker.deadline(told))) {
        boolean turned = (standing.deadline == NOTHING) != (deadline == NOTHING);
        standing = new Standing(hold.record, deadline);
        if (turned) {
          listener.turned();
        }
      }
    }
  }

  private boolean say(String line) {
    if (hold == null || line.isEmpty()) {
      return false;
    }
    if (!hold.rein.say(line)) {
      LOG.warn("the leash {} does not read; it is replaced", hold.record.process().pid());
      standing = null;
      kernel.pidfdSignal(hold.pidfd, Kernel.SIGKILL);
      return false;
    }
    return true;
  }

  private void gone() {
    if (hold != null && kernel.isReadable(hold.pidfd)) {
      LOG.warn("the leash {} is gone; there will be another", hold.record.process().pid());
      renew();
    }
  }

  private void lack(String why) {
    vain++;
    trouble =
        "this node has no leash: "
            + why
            + "; it is tried again, and until then nothing is started that only one node may run";
    LOG.warn("{}", trouble);
    long pause = FIRST_PAUSE_NANOS << Math.min(vain - 1, 6);
    reactor.after(Math.min(pause, LONGEST_PAUSE_NANOS), this::again);
  }

  private void again() {
    if (hold == null) {
      renew();
    }
  }

  private void letGo() {
    standing = null;
    if (hold != null) {
      Hold before = hold;
      hold = null;
      reactor.remove(before.pidfd);
      drop(before);
    }
  }

  private void drop(Hold it) {
    try {
      end(it.pidfd);
    } finally {
      it.rein.close();
      kernel.close(it.pidfd);
    }
  }

  /** Ends the leash, and waits for that: nothing needs it any more. */
  @Override
  public void close() {
    closed = true;
    reactor.ring();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
