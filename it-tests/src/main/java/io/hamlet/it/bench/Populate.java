package io.hamlet.it.bench;

import io.hamlet.client.Ack;
import io.hamlet.client.Command;
import io.hamlet.client.Condition;
import io.hamlet.client.ConditionSpec;
import io.hamlet.client.Deed;
import io.hamlet.client.Entity;
import io.hamlet.client.Flag;
import io.hamlet.client.Ham;
import io.hamlet.client.Rearm;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Scanner;

/**
 * Attaches entities {@code e0} to {@code e(N-1)}, each a program with a file and its number as
 * arguments, and has each restarted when it dies; at one node after the other, as lines {@code
 * SERVER FILE} come to the standard input. The conditions are independent, as is what a peer does:
 * those of the usual class wait for each other, whosever they are (ham.md 1.6). Prints, when all is
 * done at a node, the monotonic nanoseconds at which the first was asked for.
 */
final class Populate {
  private static final int IN_FLIGHT = 64;

  private Populate() {}

  public static void main(String[] args) throws InterruptedException {
    int count = Integer.parseInt(args[0]);
    Scanner lines = new Scanner(System.in, StandardCharsets.UTF_8);
    while (lines.hasNext()) {
      System.out.println(at(lines.next(), count, args[1], lines.next()));
    }
  }

  private static long at(String server, int count, String program, String file)
      throws InterruptedException {
    try (Ham connection = Ham.connect(server)) {
      Ham ham = connection.withAck(Ack.LOCAL).withTimeout(Duration.ofSeconds(60));
      ham.status();
      long begin = System.nanoTime();
      Entity[] entities = new Entity[count];
      Volley.run(
          count,
          IN_FLIGHT,
          i -> entities[i] = ham.attach("e" + i, Command.of(program, file, Integer.toString(i))));
      Volley.run(
          count,
          IN_FLIGHT,
          i -> {
            ConditionSpec death =
                ConditionSpec.death().with(Flag.OfCondition.INDEPENDENT).rearm(Rearm.ON);
            Condition died = entities[i].condition("died", death);
            died.action("again", Deed.restart(), Rearm.ON);
          });
      return begin;
    }
  }
}
