package io.hamlet.agent.cluster;

import io.hamlet.agent.config.NodeConfig;
import io.hamlet.manager.cluster.JGroupsBus;
import io.hamlet.manager.log.Mark;
import io.hamlet.manager.log.ReignId;
import io.hamlet.manager.port.Member;
import io.hamlet.manager.replica.Homecoming;
import io.hamlet.manager.replica.NameTaken;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * How this node gets at the longest copy of its own tree before its reign: it asks the other
 * voters, for what is here may be less. Only {@link #received} is for any thread; all else is for
 * the one that begins the reign.
 */
final class WayHome {
  private final NodeConfig config;
  private final List<String> others;
  private final OwnHello own;
  private volatile Homecoming home;
  private Homecoming.Outcome came = Homecoming.Outcome.NONE;

  /**
   * @param voters as this node was told
   */
  WayHome(NodeConfig config, List<String> voters, OwnHello own) {
    this.config = config;
    this.others = voters.stream().filter(v -> !v.equals(config.node())).toList();
    this.own = own;
  }

  /** What an answer says; nothing while none is awaited. */
  void received(Member from, byte[] message) {
    Homecoming coming = home;
    if (coming != null) {
      coming.received(from, message);
    }
  }

  /**
   * Opens the bus, as one that stands by; does nothing if there is nobody to ask.
   *
   * @param limit for the others to answer
   */
  Homecoming.Outcome seek(
      JGroupsBus bus, ReignId reign, Mark end, LongSupplier clock, Duration limit)
      throws IOException, InterruptedException, NameTaken {
    if (others.isEmpty()) {
      return came;
    }
    home = new Homecoming(config.node(), config.places().state(), bus, others, clock);
    own.standBy();
    bus.start();
    came = home.seek(reign, end, limit);
    home = null;
    return came;
  }

  /** What came of it; {@link Homecoming.Outcome#NONE}: nobody was asked. */
  Homecoming.Outcome outcome() {
    return came;
  }
}
