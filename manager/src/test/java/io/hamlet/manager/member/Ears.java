package io.hamlet.manager.member;

import io.hamlet.core.lease.LeaseTimes;
import io.hamlet.manager.port.Hearing;
import java.util.SortedMap;

/** Hears at once who is not cut off. */
final class Ears implements Hearing {
  private final Voting cluster;
  private final Voting.Station of;

  Ears(Voting cluster, Voting.Station of) {
    this.cluster = cluster;
    this.of = of;
  }

  private boolean hears(String node) {
    return cluster.reaches(of.name, node) && !cluster.deaf.contains(of.name + "<" + node);
  }

  @Override
  public long silentNanos(String node) {
    return hears(node) ? 0 : 1_000_000_000L;
  }

  @Override
  public boolean suspects(String node) {
    return !hears(node);
  }

  @Override
  public boolean heardUnder(String node, long incarnation) {
    return hears(node) && of.ledger.state().incarnation(node) == incarnation;
  }

  @Override
  public long clockOf(String node) {
    return Long.MIN_VALUE;
  }

  @Override
  public void watch(SortedMap<String, LeaseTimes> nodes) {
    of.watched = nodes;
  }

  @Override
  public void gone(String node) {
    cluster.hints.add(of.name + "<" + node);
  }
}
