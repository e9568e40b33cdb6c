package io.hamlet.manager.replica;

import io.hamlet.core.recovery.HamState;
import io.hamlet.manager.log.LogPiece;
import io.hamlet.manager.log.LogSnapshot;
import io.hamlet.manager.log.Mark;
import io.hamlet.manager.log.ReplicaLog;
import io.hamlet.manager.log.StateUnreadable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Puts one replica on disk, behind the back of the thread that keeps it: jobs are done in order on
 * threads of their own, and what waits is written and forced at once. A disk that fails is told and
 * tried again; the replica waits for it. Thread-safe.
 */
final class ReplicaStore {
  /** Of log, after which a snapshot is taken. */
  static final long SNAPSHOT_BYTES = 4 * 1024 * 1024;

  private static final Duration FIRST_RETRY = Duration.ofMillis(20);
  private static final Duration LAST_RETRY = Duration.ofSeconds(5);

  private final ReplicaLog log;
  private final Disk disk;
  private final ArrayDeque<Job> jobs = new ArrayDeque<>();
  private boolean atWork;
  private boolean closed;
  private Duration retry = FIRST_RETRY;
  private long lastSnapshotBytes;
  private volatile String trouble;

  /** Threads for what touches a disk. */
  interface Disk {
    void execute(Runnable work);

    void later(Runnable work, Duration after);
  }

  private sealed interface Job {
    /**
     * @param after the state behind the last piece
     */
    record Append(List<LogPiece> pieces, HamState after, Consumer<Mark> done) implements Job {}

    record Begin(LogSnapshot snapshot, boolean sameHistory, Consumer<ReplicaLog.Begun> done)
        implements Job {}

    record Cut(List<Mark> marks, Consumer<ReplicaLog.Cut> done) implements Job {}

    record Open(Consumer<ReplicaLog.Found> done) implements Job {}

    record Close() implements Job {}
  }

  ReplicaStore(ReplicaLog log, Disk disk) {
    this.log = log;
    this.disk = disk;
  }

  /** Null while all is well; else what is wrong, for people. */
  String trouble() {
    return trouble;
  }

  /** Reads what is there. All that is done is told on a thread of the disk. */
  void open(Consumer<ReplicaLog.Found> done) {
    add(new Job.Open(done));
  }

  /**
   * @param done told the newest entry that is on disk, maybe once for several appends
   */
  void append(List<LogPiece> pieces, HamState after, Consumer<Mark> done) {
    add(new Job.Append(pieces, after, done));
  }

  void begin(LogSnapshot snapshot, boolean sameHistory, Consumer<ReplicaLog.Begun> done) {
    add(new Job.Begin(snapshot, sameHistory, done));
  }

  /**
   * @param done told null when the log has none of the marks
   */
  void cut(List<Mark> marks, Consumer<ReplicaLog.Cut> done) {
    add(new Job.Cut(marks, done));
  }

  /** Ends it behind what waits; nothing is taken after that. */
  void close() {
    add(new Job.Close());
  }

  private void add(Job job) {
    synchronized (jobs) {
      if (closed) {
        return;
      }
      closed = job instanceof Job.Close;
      jobs.add(job);
      if (atWork) {
        return;
      }
      atWork = true;
    }
    disk.execute(this::work);
  }

  /** The oldest job, and all appends behind it if it is one. They stay until they are done. */
  private List<Job> first() {
    synchronized (jobs) {
      List<Job> group = new ArrayList<>();
      for (Job job : jobs) {
        boolean append = job instanceof Job.Append;
        if (!group.isEmpty() && !(append && group.getFirst() instanceof Job.Append)) {
          break;
        }
        group.add(job);
      }
      atWork = !group.isEmpty();
      return group;
    }
  }

  private void work() {
    for (List<Job> group = first(); !group.isEmpty(); group = first()) {
      try {
        perform(group);
      } catch (IOException e) {
        trouble = "a replica waits for its disk: " + e.getMessage();
        disk.later(this::work, retry);
        retry =
            retry.multipliedBy(2).compareTo(LAST_RETRY) < 0 ? retry.multipliedBy(2) : LAST_RETRY;
        return;
      } catch (StateUnreadable e) {
        trouble = "a replica is not kept: " + e.getMessage();
      } catch (IllegalArgumentException e) {
        // What does not follow is asked for again by whoever sees that nothing comes of it.
        trouble = "a replica was not written: " + e.getMessage();
      }
      synchronized (jobs) {
        group.forEach(job -> jobs.poll());
      }
    }
  }

  private void perform(List<Job> group) throws IOException {
    switch (group.getFirst()) {
      case Job.Append a -> append(group);
      case Job.Begin b -> {
        ReplicaLog.Begun begun = log.begin(b.snapshot(), b.sameHistory());
        lastSnapshotBytes = b.snapshot().state().length;
        well();
        b.done().accept(begun);
      }
      case Job.Cut c -> {
        ReplicaLog.Cut cut = log.cut(c.marks());
        well();
        c.done().accept(cut);
      }
      case Job.Open o -> {
        ReplicaLog.Found found = log.open();
        well();
        o.done().accept(found);
      }
      case Job.Close close -> log.close();
    }
  }

  private void append(List<Job> group) throws IOException {
    List<LogPiece> pieces = new ArrayList<>();
    HamState after = null;
    for (Job job : group) {
      Job.Append append = (Job.Append) job;
      pieces.addAll(append.pieces());
      after = append.after();
    }
    log.append(pieces);
    well();
    for (Job job : group) {
      ((Job.Append) job).done().accept(log.end());
    }
    boolean current = after.last().index() == log.end().index();
    if (current && log.sinceSnapshot() >= Math.max(SNAPSHOT_BYTES, lastSnapshotBytes)) {
      snapshot(after);
    }
  }

  /** Only saves room and time: if it cannot be taken now, then after the next entries. */
  private void snapshot(HamState state) {
    try {
      lastSnapshotBytes = log.snapshot(state);
    } catch (IOException e) {
      trouble = "no snapshot of a replica was taken: " + e.getMessage();
    }
  }

  private void well() {
    trouble = null;
    retry = FIRST_RETRY;
  }
}
