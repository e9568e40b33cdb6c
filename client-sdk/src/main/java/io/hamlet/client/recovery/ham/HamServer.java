package io.hamlet.client.recovery.ham;

import io.hamlet.client.EventStream;
import io.hamlet.client.Ham;
import io.hamlet.client.HamException;
import io.hamlet.client.Tree;
import io.hamlet.client.TreeObject;
import io.hamlet.client.WatchSpec;
import io.hamlet.client.recovery.Server;
import io.hamlet.client.recovery.ServerWatch;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/**
 * Follows an entity in a HAM, in a virtual thread of its own, until closed. An entity of a cluster
 * is followed from node to node. While the manager cannot be reached it keeps what it has heard
 * last. Thread-safe.
 */
public final class HamServer implements ServerWatch, AutoCloseable {
  private static final long PAUSE_NANOS = 200_000_000;

  private final Ham ham;
  private final String entity;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final Thread follower;
  private volatile EventStream events;
  private volatile Server now;
  private volatile boolean closed;

  private HamServer(Ham ham, String entity) {
    this.ham = ham;
    this.entity = entity;
    this.now = new Server(entity, "", 0, 0, false);
    this.follower = Thread.ofVirtual().name("follows " + entity).unstarted(this::follow);
  }

  /**
   * Begins to follow; what is known when this returns is true of that moment.
   *
   * @param ham is not closed with it; of a cluster, what {@code connectNode("*")} gives
   * @throws HamException there is no such entity, or no manager
   */
  public static HamServer follow(Ham ham, String entity) throws InterruptedException {
    HamServer server = new HamServer(ham, entity);
    server.events = server.begin();
    server.follower.start();
    return server;
  }

  @Override
  public Server now() {
    return now;
  }

  @Override
  public Listening onChange(Runnable listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  @Override
  public void close() {
    closed = true;
    events.close();
    LockSupport.unpark(follower);
  }

  /** Watches first and reads then, so that nothing falls between. */
  private EventStream begin() throws InterruptedException {
    EventStream stream = ham.watch(WatchSpec.ALL.path(entity));
    boolean read = false;
    try {
      look();
      read = true;
    } finally {
      if (!read) {
        stream.close();
      }
    }
    return stream;
  }

  private void follow() {
    while (!closed) {
      try {
        while (events.next() != null) {
          look();
        }
        if (!closed) {
          events = begin();
        }
      } catch (HamException e) {
        // The manager is away, or the entity is gone for now; recoveries have their own limits.
        LockSupport.parkNanos(PAUSE_NANOS);
        renew();
      } catch (InterruptedException e) {
        return;
      }
    }
    events.close();
  }

  private void renew() {
    try {
      events.close();
      events = closed ? events : begin();
    } catch (HamException e) {
      LockSupport.parkNanos(PAUSE_NANOS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() throws InterruptedException {
    Tree tree = ham.read(entity, 0);
    for (TreeObject o : tree.objects()) {
      if (o.kind() == TreeObject.Kind.ENTITY) {
        boolean up = o.pid() != 0 && o.state().equals("up");
        String node = o.fields().containsKey("scope") ? o.runsOn() : tree.node();
        Server seen = new Server(entity, node, o.pid(), o.token(), up);
        if (!seen.equals(now)) {
          now = seen;
          listeners.forEach(Runnable::run);
        }
      }
    }
  }
}
