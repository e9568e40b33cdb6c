package io.hamlet.it.bench;

import io.hamlet.client.Ack;
import io.hamlet.client.ConditionSpec;
import io.hamlet.client.Deed;
import io.hamlet.client.Ham;
import io.hamlet.client.Rearm;
import java.time.Duration;
import java.util.Arrays;

/**
 * Registers placeholder entities over one connection, each with a death condition and a restart
 * action, which makes three registrations. Prints a line for each way: name, number, and the rate
 * per second or, one at a time, the median in nanoseconds.
 */
final class Registrations {
  private static final int IN_FLIGHT = 64;
  private static final int PER_ENTITY = 3;

  private final Ham connection;

  private Registrations(Ham connection) {
    this.connection = connection;
  }

  public static void main(String[] args) throws InterruptedException {
    int count = Integer.parseInt(args[1]);
    try (Ham connection = Ham.connect(args[0])) {
      Registrations all = new Registrations(connection);
      Ham local = connection.withAck(Ack.LOCAL).withTimeout(Duration.ofSeconds(60));
      Ham durable = connection.withAck(Ack.DURABLE).withTimeout(Duration.ofSeconds(60));
      all.rate(null, local, count);
      all.rate("local", local, count);
      all.rate("durable", durable, count);
      all.oneAtATime("one_local", local, count);
      all.oneAtATime("one_durable", durable, count / 10);
    }
  }

  private void rate(String name, Ham ham, int count) throws InterruptedException {
    int entities = count / PER_ENTITY;
    long nanos = Volley.run(entities, IN_FLIGHT, i -> register(ham, name + i));
    Volley.run(entities, IN_FLIGHT, i -> connection.withAck(Ack.LOCAL).at(name + i).remove());
    if (name != null) {
      System.out.printf(
          "%s %d %d%n",
          name, entities * PER_ENTITY, entities * PER_ENTITY * 1_000_000_000L / nanos);
    }
  }

  private static void register(Ham ham, String entity) throws InterruptedException {
    ham.entity(entity)
        .condition("died", ConditionSpec.death().rearm(Rearm.ON))
        .action("again", Deed.restart("/bin/true"), Rearm.ON);
  }

  private void oneAtATime(String name, Ham ham, int count) throws InterruptedException {
    long[] nanos = new long[count];
    for (int i = 0; i < count; i++) {
      long begin = System.nanoTime();
      ham.entity(name + i);
      nanos[i] = System.nanoTime() - begin;
    }
    Volley.run(count, IN_FLIGHT, i -> connection.withAck(Ack.LOCAL).at(name + i).remove());
    Arrays.sort(nanos);
    System.out.printf("%s %d %d %d%n", name, count, nanos[count / 2], nanos[(int) (count * 0.99)]);
  }
}
