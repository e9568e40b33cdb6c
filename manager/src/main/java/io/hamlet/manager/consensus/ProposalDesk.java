package io.hamlet.manager.consensus;

import io.hamlet.manager.port.ClusterBus;
import io.hamlet.manager.port.Consensus;
import io.hamlet.manager.port.Consensus.NotLeader;
import io.hamlet.manager.port.Member;
import io.hamlet.manager.port.Subject;
import io.hamlet.manager.wire.ProposalCodec;
import io.hamlet.manager.wire.ProposalCodec.Word;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Where other nodes have their commands proposed. A question that is asked again, for its answer
 * was lost, is answered again and proposed once. On the cluster thread.
 */
final class ProposalDesk {
  /** Of all other nodes together; more are refused, which is no harm: they ask again. */
  private static final int MOST_OPEN = 4_096;

  private static final long MOST_BYTES = 16L << 20;

  /** An answer is kept for a repeated question until its asker has given up. */
  private static final long SPARE_NANOS = Duration.ofSeconds(2).toNanos();

  private static final long SWEEP_NANOS = Duration.ofSeconds(1).toNanos();

  private record Asker(String node, long pid) {}

  /** What one process asked. */
  private static final class File {
    final NavigableMap<Long, Case> cases = new TreeMap<>();
    long settledBelow;
    boolean isGone;
  }

  private static final class Case {
    final long until;
    int bytes;
    Word answer;

    Case(long until, int bytes) {
      this.until = until;
      this.bytes = bytes;
    }
  }

  private final ClusterBus bus;
  private final Consumer<Runnable> post;
  private final Supplier<Consensus> own;
  private final Map<Asker, File> files = new LinkedHashMap<>();
  private int open;
  private long bytes;
  private long sweep;

  ProposalDesk(ClusterBus bus, Consumer<Runnable> post, Supplier<Consensus> own) {
    this.bus = bus;
    this.post = post;
    this.own = own;
  }

  void asked(Member from, Word.Ask ask, long now) {
    File file = files.computeIfAbsent(new Asker(from.node(), from.pid()), a -> new File());
    file.settledBelow = Math.max(file.settledBelow, ask.settledBelow());
    file.cases.headMap(file.settledBelow).values().removeIf(c -> c.answer != null);
    Case known = file.cases.get(ask.id());
    if (known != null || ask.id() < file.settledBelow) {
      if (known != null && known.answer != null) {
        say(from, known.answer);
      }
      return;
    }
    Duration timeout = Duration.ofMillis(ask.timeoutMillis());
    Case made = new Case(now + timeout.toNanos() + SPARE_NANOS, ask.command().length);
    file.cases.put(ask.id(), made);
    open++;
    bytes += made.bytes;
    Consensus here = own.get();
    if (here == null || open > MOST_OPEN || bytes > MOST_BYTES) {
      String leader = here == null ? null : here.leader();
      done(from, made, new Word.NotLeader(ask.id(), leader == null ? "" : leader));
    } else {
      here.propose(ask.command(), timeout)
          .whenComplete(
              (index, error) -> post.accept(() -> done(from, made, word(ask.id(), index, error))));
    }
  }

  private void done(Member asker, Case found, Word answer) {
    open--;
    bytes -= found.bytes;
    found.bytes = 0;
    found.answer = answer;
    say(asker, answer);
  }

  private void say(Member to, Word answer) {
    // Lost: the other asks again.
    bus.send(to, Subject.PROPOSAL, ProposalCodec.encode(answer));
  }

  static Word word(long id, Long index, Throwable error) {
    Throwable cause = error instanceof CompletionException ? error.getCause() : error;
    if (index != null) {
      return new Word.Done(id, index);
    }
    if (cause instanceof NotLeader not) {
      return new Word.NotLeader(id, not.leader() == null ? "" : not.leader());
    }
    return new Word.Unknown(id, String.valueOf(cause.getMessage()));
  }

  /** Forgets those who are gone. */
  void keep(Predicate<Member> isThere) {
    files.forEach(
        (asker, file) ->
            file.isGone = !isThere.test(new Member(asker.node, Member.Role.HAM, asker.pid, 0, "")));
  }

  long due(long now) {
    if (now >= sweep) {
      for (File file : files.values()) {
        file.cases.values().removeIf(c -> c.answer != null && (file.isGone || now >= c.until));
      }
      files.values().removeIf(f -> f.isGone && f.cases.isEmpty());
      sweep = now + SWEEP_NANOS;
    }
    return files.values().stream().allMatch(f -> f.cases.isEmpty()) ? Long.MAX_VALUE : sweep;
  }
}
