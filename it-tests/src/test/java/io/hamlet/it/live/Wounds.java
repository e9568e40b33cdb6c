package io.hamlet.it.live;

import java.util.ArrayList;
import java.util.List;

/**
 * What is done to the nodes of a cluster, each on a host of its own, and undone. Not thread-safe.
 */
final class Wounds {
  private static final int FLAPS = 5;

  private final Hosts hosts;
  private final LiveCluster cluster;
  private final List<Undo> undos = new ArrayList<>();

  private interface Undo {
    void run();
  }

  /** What can befall a node. */
  enum Fault {
    FROZEN,
    CUT_OFF,
    KILLED,
    /** Hears all, and is heard by nobody. */
    MUTE,
    /** Is heard by all, and hears nobody. */
    DEAF,
    /** Cut off for some milliseconds, again and again. */
    FLAPPING;

    /**
     * What costs it its right to run. The quickest first: who leads when the first is lost is not
     * to be gone a moment later, with what it was about to do.
     */
    static final List<Fault> FATAL = List.of(FROZEN, CUT_OFF, KILLED);
  }

  Wounds(Hosts hosts, LiveCluster cluster) {
    this.hosts = hosts;
    this.cluster = cluster;
  }

  void befall(String name, Fault fault) {
    LiveNode node = cluster.node(name);
    int host = host(name);
    switch (fault) {
      case FROZEN -> {
        List<Long> managers = node.managers();
        Proc.signal("STOP", managers);
        undos.add(() -> Proc.signal("CONT", managers));
      }
      case CUT_OFF -> cutOff(List.of(host));
      case KILLED -> {
        node.killEverything();
        undos.add(node::launch);
      }
      case MUTE, DEAF -> {
        for (int other = 0; other < hosts.count(); other++) {
          if (other != host) {
            drop(fault == Fault.MUTE ? host : other, fault == Fault.MUTE ? other : host);
          }
        }
      }
      case FLAPPING -> {
        for (int i = 0; i < FLAPS; i++) {
          hosts.isolate(List.of(host));
          hosts.heal();
        }
      }
    }
  }

  /** Has these hosts hear only each other. */
  void cutOff(List<Integer> some) {
    undos.add(hosts::heal);
    hosts.isolate(some);
  }

  /** As {@link Hosts#drop}. */
  void drop(int from, int to) {
    undos.add(hosts::heal);
    hosts.drop(from, to);
  }

  /** As {@link Hosts#silence}. */
  void silence(int port) {
    undos.add(hosts::heal);
    hosts.silence(port);
  }

  static int host(String node) {
    return node.charAt(0) - 'a';
  }

  /** Undoes all that was done; nobody else helps. */
  void heal() {
    for (Undo undo : undos) {
      undo.run();
    }
    undos.clear();
  }
}
