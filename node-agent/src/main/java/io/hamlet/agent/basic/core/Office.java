package io.hamlet.agent.basic.core;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whether this daemon acts for its cluster, and what waits for an answer of the cluster. For one
 * thread.
 *
 * <p>The record of a host is the truth: a change counts for the next leader, and a command begins,
 * only once it is recorded there.
 */
final class Office {
  /** Beyond the limit of a command: its daemon has to be told of the end and to write it down. */
  private static final long GRACE = 10_000;

  private final boolean clustered;
  private final String node;
  private final Map<Long, Integer> entering = new HashMap<>();
  private final Map<String, Long> awaited = new LinkedHashMap<>();
  private final Map<String, Recorded> kept = new HashMap<>();
  private Standing standing = Standing.NONE;

  Office(String node, boolean clustered) {
    this.node = node;
    this.clustered = clustered;
  }

  boolean isClustered() {
    return clustered;
  }

  /** A daemon alone always does. */
  boolean acts() {
    return !clustered || standing.acts();
  }

  String leader() {
    return standing.leader();
  }

  /** The same for people. */
  String leads() {
    return leader().isEmpty() ? "nobody leads" : "node " + leader() + " leads";
  }

  boolean isUp(String other) {
    return standing.up().contains(other);
  }

  Set<String> up() {
    return standing.up();
  }

  void stand(Standing now) {
    standing = now;
    if (!now.acts()) {
      awaited.clear();
    }
  }

  /** That is what the cluster keeps of a host. */
  void found(Recorded record) {
    kept.put(record.host().host(), record);
  }

  /** It may begin its command once that is recorded. */
  void enter(Sequence s) {
    entering.put(s.id(), s.at());
  }

  /** True once for a command that waited for this. */
  boolean entered(long sequence, int at) {
    return entering.remove(sequence, at);
  }

  boolean isEntering(Sequence s) {
    return entering.containsKey(s.id());
  }

  void forget(Sequence s) {
    entering.remove(s.id());
  }

  /** Another daemon lives and may still be at a command of that host; judged again by then. */
  void await(String host, long limit, long mono) {
    awaited.putIfAbsent(host, mono + limit + GRACE);
  }

  boolean awaits(String host) {
    return awaited.containsKey(host);
  }

  boolean awaitsAny() {
    return !awaited.isEmpty();
  }

  boolean isOverdue(String host, long mono) {
    return awaited.getOrDefault(host, Long.MAX_VALUE) <= mono;
  }

  void awaitNoMore(String host) {
    awaited.remove(host);
  }

  Recorded record(HostState host, List<Sequence> sequences) {
    return new Recorded(host, sequences, node);
  }

  /** What is to be written of a host; null: it is there already. */
  Deed.Keep keep(HostState host, List<Sequence> sequences) {
    Recorded now = record(host, sequences);
    Recorded before = kept.get(host.host());
    boolean same = before != null && now.equals(before);
    boolean nothing = before == null && host.since() == 0 && sequences.isEmpty();
    if (same || nothing || awaits(host.host())) {
      return null;
    }
    return write(now);
  }

  /** Writes it, whoever leads now: ours was the last word on this host. */
  Deed.Keep write(Recorded now) {
    kept.put(now.host().host(), now);
    Sequence runs = now.sequences().stream().filter(this::isEntering).findFirst().orElse(null);
    return new Deed.Keep(
        now.host().host(), now, runs == null ? 0 : runs.id(), runs == null ? 0 : runs.at());
  }
}
