package io.hamlet.it.bench;

import io.hamlet.client.Ack;
import io.hamlet.client.Condition;
import io.hamlet.client.ConditionSpec;
import io.hamlet.client.Deed;
import io.hamlet.client.Entity;
import io.hamlet.client.Event;
import io.hamlet.client.EventStream;
import io.hamlet.client.Ham;
import io.hamlet.client.Rearm;
import io.hamlet.client.WatchSpec;
import io.hamlet.client.Watched;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

/**
 * How fast the events of one node come to a watch at each node. Prints, for each watcher: "past"
 * when it reads what is known already, "live" when it follows as fast as the node has events, with
 * server, number and rate per second.
 */
final class WatchRate {
  private static final int CONDITIONS = 100;

  /** Raises that not all watchers have seen: it is no question of who is dropped. */
  private static final int IN_FLIGHT = 16;

  private static final int READS = 10;

  private final String node;
  private final Entity entity;

  private WatchRate(String node, Entity entity) {
    this.node = node;
    this.entity = entity;
  }

  /**
   * @param args number of raises, each of which is some hundred events; the node; servers, its own
   *     first
   */
  public static void main(String[] args) throws Exception {
    int raises = Integer.parseInt(args[0]);
    List<String> servers = List.of(args).subList(2, args.length);
    try (Ham ham = Ham.connect(servers.getFirst())) {
      Entity entity = ham.withAck(Ack.LOCAL).entity("watched");
      for (int i = 0; i < CONDITIONS; i++) {
        Condition raised =
            entity.condition("raised" + i, ConditionSpec.raise(1, 1, 1).rearm(Rearm.ON));
        raised.action("well", Deed.healthy(), Rearm.ON);
      }
      WatchRate run = new WatchRate(args[1], entity);
      run.follow(raises / 4 + 1, servers);
      run.follow(raises, servers).forEach(System.out::println);
      run.readTogether(servers).forEach(System.out::println);
    }
  }

  private List<String> follow(int raises, List<String> servers) throws Exception {
    CountDownLatch ready = new CountDownLatch(servers.size());
    Semaphore seen = new Semaphore(IN_FLIGHT * servers.size());
    List<String> found = new ArrayList<>();
    Together watchers = new Together();
    for (String server : servers) {
      watchers.add(
          () -> {
            String line = "live " + server + " " + followed(server, raises, ready, seen);
            synchronized (found) {
              found.add(line);
            }
          });
    }
    ready.await();
    Volley.run(
        raises,
        IN_FLIGHT,
        i -> {
          seen.acquire(servers.size());
          entity.raise(1, 1, 1);
        });
    entity.publishState(raises);
    watchers.end();
    return found;
  }

  /** From the first event to that of the last change. */
  private String followed(String server, int raises, CountDownLatch ready, Semaphore seen)
      throws InterruptedException {
    try (Ham ham = Ham.connect(server);
        EventStream watch = ham.connectNode(node).watch(WatchSpec.ALL.path("watched"))) {
      watch.next();
      ready.countDown();
      long begin = 0;
      int count = 0;
      for (Watched w = watch.next(); ; w = watch.next()) {
        if (w instanceof Watched.Gap) {
          return "0 0";
        }
        if (!(w instanceof Event e)) {
          continue;
        }
        begin = count++ == 0 ? System.nanoTime() : begin;
        if (e.event().equals("raise") && e.path().equals("watched")) {
          seen.release();
        }
        if (e.event().equals("state")) {
          return count + " " + rate(count, System.nanoTime() - begin);
        }
      }
    }
  }

  private List<String> readTogether(List<String> servers) throws Exception {
    List<String> found = new ArrayList<>();
    Together readers = new Together();
    for (String server : servers) {
      readers.add(
          () -> {
            String line = "past " + server + " " + read(server);
            synchronized (found) {
              found.add(line);
            }
          });
    }
    readers.end();
    return found;
  }

  private String read(String server) throws InterruptedException {
    try (Ham ham = Ham.connect(server)) {
      ham.status();
      int count = 0;
      long begin = System.nanoTime();
      for (int i = 0; i < READS; i++) {
        try (EventStream watch = ham.connectNode(node).watch(WatchSpec.ALL.from("0").noFollow())) {
          while (watch.next() != null) {
            count++;
          }
        }
      }
      return count + " " + rate(count, System.nanoTime() - begin);
    }
  }

  private static long rate(int count, long nanos) {
    return count * 1_000_000_000L / Math.max(1, nanos);
  }

  /** Work at the same time; the first that fails is what it all ends with. */
  private static final class Together {
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicReference<Exception> failure = new AtomicReference<>();

    interface Work {
      void run() throws Exception;
    }

    void add(Work work) {
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      work.run();
                    } catch (Exception e) {
                      failure.compareAndSet(null, e);
                    }
                  }));
    }

    void end() throws Exception {
      for (Thread thread : threads) {
        thread.join();
      }
      if (failure.get() != null) {
        throw failure.get();
      }
    }
  }
}
