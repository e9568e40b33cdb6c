package io.hamlet.core.lease;

/** What can happen to the lease of this node. {@code now} is its CLOCK_BOOTTIME in nanoseconds. */
public sealed interface LeaseEvent {
  /** It is that late. */
  record Tick(long now) implements LeaseEvent {}

  /** Somebody wants a sign of this node: it takes a number, and nothing else changes. */
  record Asked(long now) implements LeaseEvent {}

  /** A voter has acknowledged a renewal that was counted with that set. */
  record Acked(String voter, long number, long setIndex) implements LeaseEvent {}

  /** A voter did not acknowledge, because its log has another voter set. */
  record Refused(long now, String voter, long number, VoterSet theirs) implements LeaseEvent {}

  /** A voter has applied that this incarnation of the node is fenced. */
  record Fenced(long now) implements LeaseEvent {}

  /** This node has learnt of a voter set by itself. */
  record SetChanged(long now, VoterSet set) implements LeaseEvent {}

  /** The clock can not be trusted for what was before: it jumped, or the host was restored. */
  record Doubted(long now) implements LeaseEvent {}
}
