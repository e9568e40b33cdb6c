package io.hamlet.it.bench;

import io.hamlet.client.ConditionSpec;
import io.hamlet.client.Entity;
import io.hamlet.client.Ham;
import io.hamlet.client.HamException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * Clients that write to the tree of the cluster, each with a connection of its own, one write after
 * the other: a condition of the entity {@code sole}, which must be there, comes and goes. Prints
 * {@code ready NANOS} when all have written, and at the end a line {@code BEGIN END} for each write
 * after that which was answered with success, in monotonic nanoseconds.
 */
final class TreeWrites {
  private static final String SOLE = "sole";

  private final Queue<String> done = new ConcurrentLinkedQueue<>();
  private final long everyNanos;
  private volatile long end = Long.MAX_VALUE;

  private TreeWrites(long everyNanos) {
    this.everyNanos = everyNanos;
  }

  /**
   * @param args number of clients, milliseconds from one write of a client to its next at least,
   *     and until it gives one up, seconds, servers: each client has one
   */
  public static void main(String[] args) throws InterruptedException {
    int count = Integer.parseInt(args[0]);
    TreeWrites writes = new TreeWrites(TimeUnit.MILLISECONDS.toNanos(Long.parseLong(args[1])));
    Duration patience = Duration.ofMillis(Long.parseLong(args[2]));
    List<String> servers = List.of(args).subList(4, args.length);
    List<Ham> clients = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      clients.add(Ham.connect(servers.get(i % servers.size())).connectNode("*"));
    }
    for (Ham client : clients) {
      client.named(SOLE).condition("first", ConditionSpec.death()).remove();
    }
    List<Thread> threads = new ArrayList<>();
    long begin = System.nanoTime();
    for (int i = 0; i < count; i++) {
      Entity own = clients.get(i).withTimeout(patience).named(SOLE);
      long phase = begin + writes.everyNanos * i / count;
      String name = "w" + i;
      threads.add(Thread.ofVirtual().start(() -> writes.write(own, name, phase)));
    }
    System.out.println("ready " + System.nanoTime());
    writes.end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.parseLong(args[3]));
    for (Thread thread : threads) {
      thread.join();
    }
    writes.done.forEach(System.out::println);
    clients.forEach(Ham::close);
  }

  /** By turns, under one name: what nobody answered leaves nothing behind that would add up. */
  private void write(Entity own, String name, long phase) {
    try {
      long due = phase;
      boolean there = false;
      while (System.nanoTime() < end) {
        TimeUnit.NANOSECONDS.sleep(Math.max(0, due - System.nanoTime()));
        long begin = System.nanoTime();
        due = begin + everyNanos;
        try {
          if (there) {
            own.named(name).remove();
          } else {
            own.condition(name, ConditionSpec.death());
          }
          there = !there;
          done.add(begin + " " + System.nanoTime());
        } catch (HamException.Refused e) {
          there = e.reason() == HamException.Reason.EXISTS;
        } catch (HamException e) {
          // What matters is when the next one succeeds.
          due = Math.max(due, System.nanoTime());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
