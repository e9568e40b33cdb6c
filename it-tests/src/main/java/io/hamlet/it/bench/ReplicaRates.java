package io.hamlet.it.bench;

import io.hamlet.client.Ack;
import io.hamlet.client.Ham;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Registers placeholder entities that are acknowledged when another node has them: one at a time,
 * printing the nanoseconds of each, and then from a number of clients at once, with a connection
 * each, printing the rate per second. A line of {@code one N}, or {@code rate NUMBER RATE}.
 */
final class ReplicaRates {
  /** Services live long; before that it is the compilers of the JVMs that are measured. */
  private static final int WARM = 10_000;

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private ReplicaRates() {}

  /**
   * @param args server, number, clients
   */
  public static void main(String[] args) throws InterruptedException {
    int count = Integer.parseInt(args[1]);
    int clients = Integer.parseInt(args[2]);
    List<Ham> all = new ArrayList<>();
    try {
      for (int i = 0; i < clients; i++) {
        all.add(Ham.connect(args[0]).withAck(Ack.REPLICA).withTimeout(PATIENCE));
      }
      Ham one = all.getFirst();
      rate(all, "warm", WARM);
      for (int i = 0; i < count; i++) {
        long begin = System.nanoTime();
        one.entity("one" + i);
        System.out.println("one " + (System.nanoTime() - begin));
      }
      System.out.println("rate " + count * 5 + " " + rate(all, "many", count * 5));
    } finally {
      all.forEach(Ham::close);
    }
  }

  /** Each client waits for its answer before it asks again. */
  private static long rate(List<Ham> clients, String name, int count) throws InterruptedException {
    int each = count / clients.size();
    long nanos =
        Volley.run(
            clients.size(),
            clients.size(),
            c -> {
              for (int i = 0; i < each; i++) {
                clients.get(c).entity(name + c + "-" + i);
              }
            });
    return each * clients.size() * 1_000_000_000L / nanos;
  }
}
