package io.hamlet.manager.member;

import io.hamlet.core.model.Entity;
import io.hamlet.core.model.EntryId;
import io.hamlet.manager.wire.InquiryCodec.Body.Finding;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

/** What the voters have answered about one node in one round. Cluster thread. */
final class Inquest {
  /** So long the last ones are waited for when a majority has answered (architecture.md 3). */
  static final long FOR_THE_REST = 100_000_000L;

  /** After that a round has failed and another one begins, if need be. */
  private static final long LONGEST = 1_000_000_000L;

  /** What was found before that is no reason for a loss now: the others may hear it again. */
  private static final long FRESH = 2_000_000_000L;

  private final long began;
  private final long round;
  private final int majority;

  /** Who can answer: the node itself is not asked. */
  private final long witnesses;

  private final TreeMap<String, Finding> findings = new TreeMap<>();
  private String cutter;
  private long cutAsked;

  /** How it stands. */
  enum Verdict {
    OPEN,
    /** A majority hears nothing of it, and the rest has answered or had time to. */
    LOST,
    /** Somebody hears it, or too few answer. */
    NOT_LOST
  }

  /**
   * @param voters all, also if the node is one: a majority is one of them
   */
  Inquest(String node, Collection<String> voters, long round, long now) {
    this.round = round;
    this.majority = voters.size() / 2 + 1;
    this.witnesses = voters.stream().filter(voter -> !voter.equals(node)).count();
    this.began = now;
  }

  long round() {
    return round;
  }

  void found(String voter, Finding finding) {
    findings.put(voter, finding);
  }

  boolean isOld(long now) {
    return now - began >= FRESH;
  }

  Verdict verdict(long now) {
    long silent = findings.values().stream().filter(Finding::silent).count();
    long heard = findings.size() - silent;
    if (silent >= majority && (findings.size() == witnesses || now - began >= FOR_THE_REST)) {
      return Verdict.LOST;
    }
    boolean possible = witnesses - heard >= majority;
    return possible && now - began < LONGEST ? Verdict.OPEN : Verdict.NOT_LOST;
  }

  /** When to look again. */
  long next(long now) {
    return now - began < FOR_THE_REST ? began + FOR_THE_REST : began + LONGEST;
  }

  /** Newest entry that anybody has. */
  EntryId newest() {
    EntryId newest = EntryId.NONE;
    for (Finding finding : findings.values()) {
      newest = newest.compareTo(finding.newest()) < 0 ? finding.newest() : newest;
    }
    return newest;
  }

  /** Who has that, in the order of names; the own node first if it does. */
  String longest(String own) {
    EntryId newest = newest();
    Finding mine = findings.get(own);
    if (mine != null && mine.newest().equals(newest)) {
      return own;
    }
    for (var each : findings.entrySet()) {
      if (each.getValue().newest().equals(newest)) {
        return each.getKey();
      }
    }
    return own;
  }

  /** The graft as the holder of the longest replica has cut it, or null. */
  List<Entity> graft(String own) {
    Finding longest = findings.get(longest(own));
    return longest == null ? null : longest.graft();
  }

  /** So many entities are missing in it that care. */
  int leftOut(String own) {
    return findings.get(longest(own)).leftOut();
  }

  /** True once for each holder, and again when that has been silent for too long. */
  boolean asksForCut(String holder, long now) {
    if (holder.equals(cutter) && now - cutAsked < FOR_THE_REST) {
      return false;
    }
    if (holder.equals(cutter)) {
      // It does not answer any more: what it alone knows is not known.
      findings.remove(holder);
      cutter = null;
      return false;
    }
    cutter = holder;
    cutAsked = now;
    return true;
  }
}
