package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.client.Ack;
import io.hamlet.client.Event;
import io.hamlet.client.Ham;
import io.hamlet.client.HamException;
import io.hamlet.client.Receipt;
import io.hamlet.client.TreeObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Clients that register, raise and publish on one tree, each call acknowledged by a replica, and
 * what was acknowledged. Thread-safe.
 */
final class Traffic implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private final String tree;
  private final List<Thread> threads = new ArrayList<>();
  private final Ham ham;
  private final Set<String> made = new TreeSet<>();
  private final Set<String> raised = new TreeSet<>();
  private final Set<String> unsure = new TreeSet<>();
  private final Set<String> weak = new TreeSet<>();
  private final List<String> faults = new ArrayList<>();
  private int refused;
  private long slowest;
  private volatile boolean over;

  /**
   * @param ham knows all nodes
   */
  Traffic(Ham ham, String tree, int clients) throws InterruptedException {
    this.ham = ham.connectNode(tree).withAck(Ack.REPLICA).withTimeout(LIMIT);
    this.tree = tree;
    this.ham.entity("loud");
    for (int client = 0; client < clients; client++) {
      int number = client;
      threads.add(Thread.ofPlatform().name("traffic-" + tree + client).start(() -> work(number)));
    }
  }

  /** One call, which tells by its receipt how far it got. */
  private interface Call {
    Receipt make() throws InterruptedException;
  }

  private void work(int client) {
    try {
      for (int n = 1; !over; n++) {
        String name = "e" + client + "-" + n;
        if (acknowledged(name, () -> ham.entity(name).receipt())) {
          note(made, name);
        }
        int number = n;
        String raise = "1 " + client + " " + number;
        if (acknowledged(raise, () -> ham.named("loud").raise(1, client, number))) {
          note(raised, raise);
        }
        acknowledged("state", () -> ham.named("loud").publishState(number));
        pause();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      fault("a client ended: " + e);
    }
  }

  /** Repeats what was refused for now, for that changed nothing. */
  private boolean acknowledged(String what, Call call) throws InterruptedException {
    while (!over) {
      long begin = System.nanoTime();
      try {
        Receipt receipt = call.make();
        if (!receipt.node().equals(tree)) {
          fault(what + " was answered by " + receipt);
        }
        if (receipt.ack().compareTo(Ack.REPLICA) < 0) {
          note(weak, what);
        }
        return true;
      } catch (HamException.Unavailable e) {
        again();
      } catch (HamException.OutcomeUnknown e) {
        note(unsure, what);
        return false;
      } catch (HamException.Refused e) {
        if (e.reason() != HamException.Reason.UNAVAILABLE) {
          fault(what + ": " + e.getMessage());
          return false;
        }
        again();
      } finally {
        took(System.nanoTime() - begin);
      }
    }
    return false;
  }

  private synchronized void again() throws InterruptedException {
    refused++;
    pause();
  }

  private synchronized void pause() throws InterruptedException {
    wait(PAUSE.toMillis());
  }

  private synchronized void took(long nanos) {
    slowest = Math.max(slowest, nanos);
  }

  private synchronized void note(Set<String> where, String what) {
    where.add(what);
  }

  private synchronized void fault(String what) {
    faults.add(what);
  }

  String tree() {
    return tree;
  }

  synchronized int acknowledged() {
    return made.size() + raised.size();
  }

  /** Ends the clients; what they wrote down stays. */
  @Override
  public void close() {
    over = true;
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** Nothing that was acknowledged is missing in the tree as it is read there, nor is it wrong. */
  synchronized void assertKept(Ham reader) throws InterruptedException {
    assertThat(faults).isEmpty();
    List<TreeObject> objects = reader.connectNode(tree).withTimeout(LIMIT).read("", 1).objects();
    Set<String> there = objects.stream().map(TreeObject::path).collect(Collectors.toSet());
    assertThat(made).as("in the tree of %s", tree).isNotEmpty().isSubsetOf(there);
  }

  /** Each acknowledged raise was told once, and none twice that is unsure. */
  synchronized void assertTold(List<Event> events) {
    Map<String, Integer> told = new HashMap<>();
    events.stream()
        .filter(e -> e.event().equals("raise"))
        .forEach(e -> told.merge(e.reason(), 1, Integer::sum));
    assertThat(told.keySet()).as("raises on %s", tree).isNotEmpty().containsAll(raised);
    assertThat(told.entrySet()).as("told once each").allMatch(e -> e.getValue() == 1);
  }

  @Override
  public synchronized String toString() {
    String words =
        "%s: %d made, %d raised; %d unsure, %d without replica, %d refused for now; slowest %d ms";
    return words.formatted(
        tree, made.size(), raised.size(), unsure.size(), weak.size(), refused, slowest / 1_000_000);
  }
}
