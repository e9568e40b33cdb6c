package io.hamlet.it.sim;

import io.hamlet.core.cluster.Leash;
import io.hamlet.manager.lease.LeashSecret;
import java.security.SecureRandom;
import java.util.Random;

/**
 * The leash of one incarnation: ends what must not outlive its right when nobody has told it
 * otherwise in time or nobody is left to, and says so to the voters. A process of the host; what
 * freezes managers does not freeze it. One thread.
 */
final class SimLeash {
  private static final long MILLI = 1_000_000L;
  private static final long[] WORDS = {0, 10, 40, 100, 200, 400, 700, 1_000};

  private final SimMember node;
  private final SimHost host;
  private final LeashSecret secret;
  final Leash pledge;
  private long deadline = Long.MAX_VALUE;
  private boolean dead;
  private boolean fired;

  /** What it says when it has: that nothing is left at all, or that only what is kept may be. */
  private boolean all;

  SimLeash(SimMember node, long incarnation, long generation) {
    this.node = node;
    this.host = node.host();
    this.secret = LeashSecret.draw(drawing(node.chance));
    this.pledge = new Leash(incarnation, generation, secret.hash());
  }

  /** The same seed is the same run. */
  private static SecureRandom drawing(Random chance) {
    return new SecureRandom() {
      private static final long serialVersionUID = 1L;

      @Override
      public void nextBytes(byte[] bytes) {
        chance.nextBytes(bytes);
      }
    };
  }

  boolean isOf(long incarnation) {
    return pledge.incarnation() == incarnation && !dead && !fired;
  }

  /**
   * @param until CLOCK_BOOTTIME of the host; Long.MAX_VALUE: none
   */
  void cover(long until) {
    deadline = until;
    if (until != Long.MAX_VALUE) {
      node.onHost(Math.max(0, until - node.clock.nanos()), () -> look(until));
    }
  }

  private void look(long planned) {
    if (planned == deadline) {
      fire(true);
    }
  }

  /** Its pipe has no writer any more. */
  void abandoned() {
    node.onHost((1 + node.chance.nextInt(5)) * MILLI, () -> fire(false));
  }

  void kill() {
    dead = true;
  }

  private void fire(boolean pairLives) {
    if (dead || fired || node.world.flaw() == Flaw.LEASH) {
      return;
    }
    fired = true;
    all = node.world.shape() == Shape.WIDE && host.keepsNothing();
    if (pairLives) {
      node.endedByLeash();
    }
    host.endMustStop();
    for (long word : WORDS) {
      node.onHost((2 + word) * MILLI, this::tell);
    }
  }

  private void tell() {
    if (!dead) {
      String word = all ? secret.all() : secret.stopped();
      String line =
          "HL-OBITUARY 1 %s %d %d %s\n"
              .formatted(node.name, pledge.incarnation(), pledge.generation(), word);
      node.world.air.obituary(node.name, line);
    }
  }
}
