package io.hamlet.client.internal;

import io.grpc.Status;
import io.netty.channel.EventLoopGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The addresses that were given, those that were learnt from a manager, and which of them is used.
 * Thread-safe.
 *
 * <p>A failure is first met by another try at the same place, where a successor may take over, and
 * then by the next address.
 */
final class Lines {
  private static final int TRIES = 2;
  private static final int MOST = 64;
  private final List<Address> given;
  private final EventLoopGroup loop;
  private final Keys keys;
  private final List<Line> lines = new ArrayList<>();
  private Line current;
  private Line home;
  private int failures;

  Lines(List<Address> given, EventLoopGroup loop, Keys keys) {
    this.given = given;
    this.loop = loop;
    this.keys = keys;
    given.forEach(address -> lines.add(new Line(address, loop, keys)));
    current = lines.getFirst();
  }

  synchronized List<Address> addresses() {
    return lines.stream().map(Line::address).toList();
  }

  synchronized Line current() {
    return current;
  }

  /** To the manager of the node that was reached first; of the current one before that. */
  synchronized Line home() {
    return home == null ? current : home;
  }

  synchronized boolean areMany() {
    return lines.size() > 1;
  }

  synchronized int size() {
    return lines.size();
  }

  synchronized void worked(Line which) {
    which.worked();
    if (home == null) {
      home = which;
    }
    if (which == current) {
      failures = 0;
    }
  }

  /** A call over it has failed; answers whether another is used from now on. */
  synchronized boolean failed(Line which, Status status) {
    which.failed(status);
    if (which != current || lines.size() == 1 || ++failures < TRIES) {
      return false;
    }
    failures = 0;
    current = lines.get((lines.indexOf(current) + 1) % lines.size());
    return true;
  }

  /** No address is left that can be believed. */
  synchronized boolean areAllMistrusted() {
    return lines.stream().allMatch(Line::isMistrusted);
  }

  /**
   * Adds the addresses of other managers, and drops those of before that are among them no more.
   */
  synchronized void learn(List<String> texts) {
    List<Address> told = new ArrayList<>();
    for (String text : texts) {
      try {
        Address address = Address.parse(text);
        // Without keys nobody beyond this host would let us in.
        if (keys != null || address.isLoopback()) {
          told.add(address);
        }
      } catch (IllegalArgumentException e) {
        continue; // Of a version that names managers otherwise; the other addresses stand.
      }
    }
    List<Line> gone =
        lines.stream()
            .filter(l -> l != current && l != home)
            .filter(l -> !given.contains(l.address()) && !told.contains(l.address()))
            .toList();
    lines.removeAll(gone);
    gone.forEach(Line::close);
    for (Address address : told) {
      if (lines.size() < MOST && lines.stream().noneMatch(l -> l.address().equals(address))) {
        lines.add(new Line(address, loop, keys));
      }
    }
  }

  /** What was tried, and what came of it. */
  synchronized String story() {
    return lines.stream().map(Line::story).collect(Collectors.joining(", "));
  }

  synchronized void close() {
    lines.forEach(Line::close);
  }
}
