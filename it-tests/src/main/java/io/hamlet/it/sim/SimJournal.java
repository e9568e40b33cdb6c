package io.hamlet.it.sim;

import io.hamlet.core.recovery.Entry;
import io.hamlet.core.recovery.HamState;
import io.hamlet.manager.port.Journal;
import io.hamlet.manager.wire.EntryCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * The live log as bytes in an array; all of it is durable at once. Outlives the managers. One
 * thread.
 */
final class SimJournal implements Journal {
  private final List<byte[]> entries = new ArrayList<>();
  private HamState newest;
  private LongConsumer listener = index -> {};

  @Override
  public void append(Entry entry, HamState after) {
    entries.add(EntryCodec.encode(entry));
    newest = after;
    listener.accept(entries.size());
  }

  @Override
  public boolean hasRoom() {
    return true;
  }

  @Override
  public long durableIndex() {
    return entries.size();
  }

  @Override
  public void onDurable(LongConsumer onRise) {
    listener = onRise;
  }

  List<Entry> read() {
    return entries.stream().map(EntryCodec::decode).toList();
  }

  /** What the newest entry led to, as its writer saw it; null when nothing was written. */
  HamState newest() {
    return newest;
  }
}
