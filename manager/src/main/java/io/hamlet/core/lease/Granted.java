package io.hamlet.core.lease;

/**
 * What this voter has said to the renewals of one node.
 *
 * @param acked CLOCK_BOOTTIME of the newest acknowledgement; {@link LeaseState#NEVER}: none
 * @param fenced this incarnation and each before it is fenced; {@link LeaseState#NEVER}: none
 */
public record Granted(long acked, long fenced) {
  static final Granted NOTHING = new Granted(LeaseState.NEVER, LeaseState.NEVER);
}
