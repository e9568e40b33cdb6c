package io.hamlet.manager.log;

import io.hamlet.core.recovery.Entry;
import io.hamlet.core.recovery.HamState;
import io.hamlet.manager.port.Journal;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/**
 * The log of a node tree during one reign: live log, durable copy and snapshots together. {@link
 * #append} and {@link #flush} belong to the core thread, the rest is thread-safe.
 */
public final class LogJournal implements Journal, AutoCloseable {
  private final SegmentSupply supply;
  private final LiveLog live;
  private final DurableLog durable;
  private final Snapshotter snapshots;
  private final long snapshotBytes;
  private long snapshotAt;
  private volatile String loss;
  private volatile Consumer<HamState> follower;
  private volatile Runnable flushed;
  private boolean fresh;

  LogJournal(
      SegmentSupply supply,
      LiveLog live,
      DurableLog durable,
      Snapshotter snapshots,
      long snapshotBytes) {
    this.supply = supply;
    this.live = live;
    this.durable = durable;
    this.snapshots = snapshots;
    this.snapshotBytes = snapshotBytes;
  }

  /** Once; until then entries can be appended, and none becomes durable. */
  public void start() {
    supply.start();
    durable.start();
    snapshots.start();
  }

  /** Throws {@link LogFull} when even the reserve is used up; nothing is appended then. */
  @Override
  public void append(Entry entry, HamState after) {
    boolean renewed = durable.takeSourceGone() && renew();
    Place place = live.append(entry);
    Consumer<HamState> told = follower;
    if (told != null) {
      told.accept(after);
    }
    fresh = true;
    if (renewed || live.written() - snapshotAt >= Math.max(snapshotBytes, snapshots.lastBytes())) {
      snapshotAt = live.written();
      snapshots.want(live.header(), place, after);
    }
  }

  @Override
  public void flush() {
    if (!fresh) {
      return;
    }
    fresh = false;
    durable.wake();
    Runnable told = flushed;
    if (told != null) {
      told.run();
    }
  }

  /** Before an entry: its snapshot is then of a segment that will be on disk as well. */
  private boolean renew() {
    String why = live.renew();
    String what = "the live log in " + live.directory() + " was removed while the node ran, and ";
    loss =
        what
            + (why == null
                ? "is made again; whoever cleans up there must spare it (RemoveIPC=no in"
                    + " logind.conf, or a user that lingers)"
                : "cannot be made again: "
                    + why
                    + "; what is not on disk yet lives in this process"
                    + " alone");
    return why == null;
  }

  @Override
  public boolean hasRoom() {
    return live.hasRoom();
  }

  /**
   * Tells somebody of each entry, by the state it leads to, on the core thread; it must be as cheap
   * as a store.
   *
   * @param listener null: nobody any more
   */
  public void onAppend(Consumer<HamState> listener) {
    follower = listener;
  }

  /** Tells somebody of each {@link #flush} of something, on the core thread. */
  public void onFlush(Runnable listener) {
    flushed = listener;
  }

  @Override
  public void awaited(long index) {
    durable.awaited(index);
  }

  @Override
  public long durableIndex() {
    return durable.index();
  }

  @Override
  public void onDurable(LongConsumer listener) {
    durable.onDurable(listener);
  }

  /** What does not work just now, for people; empty when all is well. */
  public List<String> troubles() {
    return Stream.of(loss, supply.trouble(), durable.trouble(), snapshots.trouble())
        .filter(Objects::nonNull)
        .toList();
  }

  /** Writes what is not on disk yet, waits some seconds for that at most, and ends the threads. */
  @Override
  public void close() {
    durable.close();
    snapshots.close();
    supply.close();
  }
}
