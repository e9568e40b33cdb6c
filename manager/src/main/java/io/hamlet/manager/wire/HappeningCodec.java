package io.hamlet.manager.wire;

import io.hamlet.core.recovery.Happening;
import io.hamlet.v1.Event;

/** Happenings as events for clients. */
public final class HappeningCodec {
  private HappeningCodec() {}

  /**
   * @param node whose tree it happened in, {@code *} for the cluster's
   */
  public static Event event(String node, Happening happening) {
    return event(node, happening, new Position(node, happening.id()).text());
  }

  /**
   * The same for a watch that has positions of its own.
   *
   * @param position where it goes on after this
   */
  public static Event event(String node, Happening happening, String position) {
    return Event.newBuilder()
        .setPosition(position)
        .setTime(happening.at().wallNanos())
        .setNode(happening.node().isEmpty() ? node : happening.node())
        .setPath(happening.path())
        .setEvent(happening.event())
        .setReason(happening.reason())
        .setDetail(happening.detail())
        .build();
  }

  /** True if the path of a happening is the wanted one or below it; empty wants all. */
  public static boolean within(String wanted, String path) {
    return wanted.isEmpty()
        || path.equals(wanted)
        || (path.startsWith(wanted) && path.charAt(wanted.length()) == '/');
  }
}
