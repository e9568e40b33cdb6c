package io.hamlet.client.recovery;

import java.io.IOException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A server in this JVM with connections that break when it is told to. Thread-safe. */
final class Toy {
  /** What a client holds. */
  interface Line extends AutoCloseable {
    @Idempotent
    String get(String key) throws IOException;

    String add(String key) throws IOException;

    @Override
    void close();
  }

  final List<String> done = Collections.synchronizedList(new ArrayList<>());
  final List<Wire> wires = Collections.synchronizedList(new ArrayList<>());
  final AtomicInteger open = new AtomicInteger();

  /** A connection. */
  final class Wire implements Line {
    private volatile boolean broken;
    private volatile boolean brokenAfterwards;
    private volatile boolean closed;
    final int number;

    Wire() {
      open.incrementAndGet();
      wires.add(this);
      number = wires.size();
    }

    @Override
    public String get(String key) throws IOException {
      return serve("get " + key);
    }

    @Override
    public String add(String key) throws IOException {
      return serve("add " + key);
    }

    /** Breaks when the next request has been done but not answered. */
    void breakAfterwards() {
      brokenAfterwards = true;
    }

    @Override
    public void close() {
      if (closed) {
        throw new IllegalStateException("wire " + number + " is closed twice");
      }
      closed = true;
      open.decrementAndGet();
    }

    private String serve(String request) throws IOException {
      if (broken || closed) {
        throw new SocketException("wire " + number + " is broken");
      }
      if (request.endsWith("nonsense")) {
        throw new IllegalArgumentException(request);
      }
      done.add(request);
      if (brokenAfterwards) {
        broken = true;
        throw new SocketException("wire " + number + " breaks");
      }
      return request + " by " + number;
    }
  }

  Wire dial() {
    return new Wire();
  }

  Wire last() {
    return wires.getLast();
  }

  /** Breaks what is open now. */
  void kill() {
    wires.forEach(w -> w.broken = true);
  }
}
