package io.hamlet.agent.cluster;

import io.hamlet.agent.config.ClusterConfig;
import io.hamlet.core.cluster.FenceRule;
import io.hamlet.core.cluster.Terms;
import io.hamlet.core.lease.LeaseTimes;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The papers as this manager knows them, and their file, STATE/cluster. Thread-safe. */
final class PapersFile {
  private static final Logger LOG = LoggerFactory.getLogger(PapersFile.class);

  private final Path file;
  private final Object writing = new Object();
  private volatile Papers now;
  private long spent;

  /**
   * Throws IOException when they cannot be read, with what to do.
   *
   * @param fresh the node starts; a takeover is none
   */
  PapersFile(Path state, ClusterConfig cluster, boolean fresh) throws IOException {
    file = state.resolve("cluster");
    now =
        fresh
            ? Papers.atStart(file, cluster.name(), terms(cluster))
            : Papers.read(file, cluster.name());
  }

  /** Of the lease that this start of the node has told the cluster. */
  LeaseTimes times() {
    return new LeaseTimes(now.terms().lease());
  }

  private static Terms terms(ClusterConfig cluster) {
    FenceRule fencing =
        cluster
            .fencing()
            .map(f -> f.required() ? FenceRule.REQUIRED : FenceRule.WHEN_UNSURE)
            .orElse(FenceRule.NONE);
    return new Terms(cluster.lease().toNanos(), cluster.stopGrace().toNanos(), fencing);
  }

  Papers now() {
    return now;
  }

  /** What another manager of this node has learned meanwhile. */
  void readAgain() {
    try {
      now = Papers.read(file, now.cluster());
    } catch (IOException e) {
      LOG.warn("what the HAM before knew of the cluster cannot be read: {}", e.getMessage());
    }
  }

  /**
   * The start by which it joined is fenced, and nothing runs under it any more. Another is drawn,
   * once: by it the cluster tells this node from others of its name.
   */
  synchronized Papers startedAnew() {
    Papers before = now;
    if (before.joined() && before.incarnation() != spent) {
      spent = before.incarnation();
      keep(before.anew());
    }
    return now;
  }

  /** The disk is waited for elsewhere. False: they are the same. */
  boolean keep(Papers later) {
    if (later.equals(now)) {
      return false;
    }
    now = later;
    Thread.ofVirtual().name("papers").start(this::write);
    return true;
  }

  private void write() {
    synchronized (writing) {
      try {
        now.write(file);
      } catch (IOException e) {
        LOG.error("{} cannot be written: {}", file, e.getMessage());
      }
    }
  }
}
