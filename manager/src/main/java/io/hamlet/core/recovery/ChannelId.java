package io.hamlet.core.recovery;

import java.util.Comparator;

/** Names a channel: the process that opened it and its number there. */
public record ChannelId(long pid, int channel) implements Comparable<ChannelId> {
  private static final Comparator<ChannelId> ORDER =
      Comparator.comparingLong(ChannelId::pid).thenComparingInt(ChannelId::channel);

  @Override
  public int compareTo(ChannelId other) {
    return ORDER.compare(this, other);
  }
}
