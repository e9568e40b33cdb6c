package io.hamlet.agent.basic;

import io.hamlet.agent.basic.cluster.Inlets;
import io.hamlet.agent.basic.cluster.Outlet;
import io.hamlet.agent.basic.cluster.Register;
import io.hamlet.agent.basic.core.Deed;
import io.hamlet.agent.basic.core.Happening.Level;
import io.hamlet.agent.basic.core.Recorded;
import io.hamlet.agent.basic.core.Shared;
import io.hamlet.agent.basic.core.Standing;
import io.hamlet.client.Ham;
import io.hamlet.client.HamException;
import io.hamlet.client.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * What the cluster is asked and told: who leads, what is to be kept, what others found. Its methods
 * are for any thread.
 */
final class ClusterThread {
  /** A majority that is silent tells nobody so; the manager is asked, as long as it is there. */
  private static final long LOOK_MILLIS = 500;

  private static final Duration LIMIT = Duration.ofSeconds(3);

  /** Who is told; by the cluster's thread, and {@link #heard} by many. */
  interface Listener {
    void standing(Standing standing);

    void kept(long sequence, int at);

    void superseded(String host);

    void heard(Shared result);

    /** Other nodes belong to the cluster now. */
    void members(Set<String> nodes);
  }

  private final Ham ham;
  private final String node;
  private final Journal journal;
  private final Listener listener;
  private final Function<Object, String> json;
  private final Register register;
  private final Outlet outlet;
  private final Inlets inlets;
  private final LinkedBlockingQueue<Deed> queue = new LinkedBlockingQueue<>();
  private final Map<String, Deed.Keep> pending = new LinkedHashMap<>();
  private final Thread thread;
  private Standing last = Standing.NONE;
  private Set<String> members = Set.of();
  private boolean looks;
  private boolean outletOpen;

  /**
   * Nothing is asked yet.
   *
   * @param pipe for the results, made already
   */
  ClusterThread(
      Ham ham,
      String node,
      Path pipe,
      Journal journal,
      Function<Object, String> json,
      Listener listener) {
    this.ham = ham.withTimeout(LIMIT);
    this.node = node;
    this.journal = journal;
    this.json = json;
    this.listener = listener;
    int mark = ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE);
    register = new Register(this.ham, mark);
    outlet = new Outlet(this.ham, pipe);
    inlets = new Inlets(ham, this::heard);
    thread = Thread.ofPlatform().name("basic-cluster").daemon().unstarted(this::work);
  }

  /** The nodes that belong to the cluster of that manager; empty: it is in none. */
  static Set<String> members(Ham ham) throws InterruptedException {
    Status status = ham.status();
    Set<String> nodes = new LinkedHashSet<>();
    if (status.cluster() != null) {
      // It may not have met itself yet.
      nodes.add(status.node());
      status.cluster().members().forEach(m -> nodes.add(m.node()));
    }
    return nodes;
  }

  void start() {
    thread.start();
  }

  void tell(Deed deed) {
    if (deed instanceof Deed.Share share) {
      outlet.say(json.apply(SharedText.of(share.result())));
    } else {
      queue.add(deed);
    }
  }

  void stop() throws InterruptedException {
    thread.interrupt();
    thread.join(LIMIT.toMillis());
    inlets.follow(Set.of());
    outlet.close();
  }

  private void heard(String from, String line) {
    try {
      listener.heard(SharedText.read(from, new Fields(JsonText.object(line))));
    } catch (IllegalArgumentException e) {
      // The rest of a line, or of another version.
    }
  }

  private void work() {
    try {
      long next = System.nanoTime();
      while (true) {
        long wait = next - System.nanoTime();
        Deed deed = queue.poll(Math.max(0, wait), TimeUnit.NANOSECONDS);
        if (deed != null) {
          take(deed);
          keep();
        } else {
          look();
          next = System.nanoTime() + LOOK_MILLIS * 1_000_000;
        }
      }
    } catch (InterruptedException e) {
      // Stopped.
    }
  }

  private void take(Deed deed) {
    for (Deed each = deed; each != null; each = queue.poll()) {
      switch (each) {
        case Deed.Keep keep -> pending.put(keep.host(), keep);
        case Deed.Look wanted -> looks = true;
        default -> throw new IllegalArgumentException("not for the cluster: " + each);
      }
    }
  }

  private void keep() throws InterruptedException {
    for (Deed.Keep keep : Set.copyOf(pending.values())) {
      try {
        register.write(keep.host(), json.apply(SharedText.of(keep.record())));
        pending.remove(keep.host());
        listener.kept(keep.sequence(), keep.at());
      } catch (Register.Taken e) {
        pending.remove(keep.host());
        listener.superseded(keep.host());
        // If we still lead then, we begin with what the other wrote.
        last = new Standing(false, last.leader(), last.up(), null);
        listener.standing(last);
      } catch (HamException e) {
        // Without a majority nothing is kept, and nothing begins; tried again with the next look.
        journal.tell(Level.DEBUG, "not-kept", keep.host() + ": " + e.getMessage());
      }
    }
  }

  private void look() throws InterruptedException {
    Standing now = Standing.NONE;
    try {
      Status.Cluster cluster = ham.status().cluster();
      if (cluster != null) {
        now = standing(cluster);
      }
      open();
      if (now.acts() || !pending.isEmpty()) {
        keep();
      }
      boolean isNew = now.acts() && !last.acts();
      if (isNew && !pending.isEmpty()) {
        // What we did last comes first.
        now = new Standing(false, now.leader(), now.up(), null);
      } else if (isNew || (now.acts() && looks)) {
        looks = false;
        now = new Standing(true, now.leader(), now.up(), records());
      }
    } catch (HamException e) {
      now = new Standing(false, "", last.up(), null);
    }
    if (!now.equals(last)) {
      last = new Standing(now.acts(), now.leader(), now.up(), null);
      listener.standing(now);
    }
  }

  private Standing standing(Status.Cluster cluster) {
    Set<String> all = new LinkedHashSet<>(Set.of(node));
    Set<String> up = new LinkedHashSet<>();
    for (Status.Member member : cluster.members()) {
      all.add(member.node());
      if (member.state().equals("up")) {
        up.add(member.node());
      }
    }
    if (!all.equals(members)) {
      members = all;
      listener.members(Set.copyOf(all));
    }
    Set<String> others = new LinkedHashSet<>(up);
    others.remove(node);
    inlets.follow(others);
    boolean acts = cluster.quorate() && cluster.leader().equals(node);
    return new Standing(acts, cluster.leader(), up, null);
  }

  private void open() throws InterruptedException {
    if (!outletOpen) {
      outlet.open();
      outletOpen = true;
    }
  }

  private Map<String, Recorded> records() throws InterruptedException {
    Map<String, Recorded> records = new LinkedHashMap<>();
    register
        .read()
        .forEach(
            (host, text) -> {
              try {
                records.put(host, SharedText.readRecord(new Fields(JsonText.object(text))));
              } catch (IllegalArgumentException e) {
                journal.tell(Level.ERROR, "record-unreadable", host + ": " + e.getMessage());
              }
            });
    return records;
  }
}
