package io.hamlet.client.internal;

import io.hamlet.client.HamException;
import io.hamlet.client.Ownership;
import io.hamlet.client.TreeObject;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Asks who runs an entity of the cluster: the cluster first, and then that node. Thread-safe. */
final class OwnerCalls {
  private final Session session;
  private final String entity;
  private final LongSupplier clock;

  /**
   * @param session that means the cluster tree
   */
  OwnerCalls(Session session, String entity, LongSupplier clock) {
    this.session = session;
    this.entity = entity;
    this.clock = clock;
  }

  /**
   * What a node has said.
   *
   * @param until on the clock
   */
  private record Told(String node, long token, long until, LongSupplier clock)
      implements Ownership {
    @Override
    public Duration left() {
      return Duration.ofNanos(Math.max(0, until - clock.getAsLong() - BootClock.COARSE_NANOS));
    }
  }

  String entity() {
    return entity;
  }

  Ownership ask() throws InterruptedException {
    TreeObject known = session.read(entity, 0).objects().getFirst();
    // Before the question, so that it ends here no later than there.
    long asked = clock.getAsLong();
    if (!known.runsOn().isEmpty()) {
      try {
        TreeObject there =
            session.withNode(known.runsOn()).read("*" + entity, 0).objects().getFirst();
        return new Told(known.runsOn(), there.token(), asked + there.right().toNanos(), clock);
      } catch (HamException.Refused e) {
        if (e.reason() != HamException.Reason.NOT_FOUND
            && e.reason() != HamException.Reason.UNAVAILABLE) {
          throw e;
        }
      }
    }
    // It has gone from there, or not come yet; or its node cannot be asked.
    return new Told(known.runsOn(), known.token(), asked, clock);
  }
}
