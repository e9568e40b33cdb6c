package io.hamlet.it.bench;

import io.hamlet.client.Ack;
import io.hamlet.client.ConditionSpec;
import io.hamlet.client.Deed;
import io.hamlet.client.Ham;
import io.hamlet.client.Rearm;
import java.time.Duration;

/**
 * Fills a node with placeholder entities, each with a death condition and a restart action. Prints
 * the index of the log behind the last, when that is on the node's disk.
 */
final class Fill {
  private static final int IN_FLIGHT = 64;

  private Fill() {}

  /**
   * @param args server, number
   */
  public static void main(String[] args) throws InterruptedException {
    try (Ham connection = Ham.connect(args[0])) {
      Ham ham = connection.withAck(Ack.LOCAL).withTimeout(Duration.ofSeconds(60));
      Volley.run(
          Integer.parseInt(args[1]),
          IN_FLIGHT,
          i ->
              ham.entity("filled" + i)
                  .condition("died", ConditionSpec.death().rearm(Rearm.ON))
                  .action("again", Deed.restart("/bin/true"), Rearm.ON));
      ham.withAck(Ack.MAJORITY).named("filled0").publishState(1);
      System.out.println(ham.status().index());
    }
  }
}
