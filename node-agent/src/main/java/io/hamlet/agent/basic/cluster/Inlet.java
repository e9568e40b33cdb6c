package io.hamlet.agent.basic.cluster;

import io.hamlet.client.Ham;
import io.hamlet.client.HamException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Hears one other daemon, over broken connections. Thread-safe. */
final class Inlet {
  private static final long PAUSE_MILLIS = 500;

  private final Ham node;
  private final Consumer<String> listener;
  private InputStream stream;
  private boolean closed;

  private Inlet(Ham node, Consumer<String> listener) {
    this.node = node;
    this.listener = listener;
  }

  /** Hears from now on; the listener is called by a thread of its own. */
  static Inlet open(Ham node, String name, Consumer<String> listener) {
    Inlet inlet = new Inlet(node, listener);
    Thread.ofPlatform().name("basic-inlet-" + name).daemon().start(inlet::work);
    return inlet;
  }

  /** No line that comes after is told. */
  synchronized void close() {
    closed = true;
    notifyAll();
    if (stream != null) {
      try {
        stream.close();
      } catch (IOException e) {
        // It was broken.
      }
    }
  }

  private void work() {
    try {
      while (!isClosed()) {
        try {
          hear();
        } catch (IOException | HamException e) {
          // No daemon there yet, or its manager was taken over: the pause, and again.
        }
        pause();
      }
    } catch (InterruptedException e) {
      // Nobody interrupts it.
    }
  }

  private void hear() throws IOException, InterruptedException {
    // One byte back: its rest of a line is none, and all that comes after is new.
    try (InputStream in = take(node.output(Outlet.ENTITY, true, 1));
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (isClosed()) {
          return;
        }
        listener.accept(line);
      }
    }
  }

  private synchronized InputStream take(InputStream opened) throws IOException {
    if (closed) {
      opened.close();
    }
    stream = opened;
    return opened;
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private synchronized void pause() throws InterruptedException {
    if (!closed) {
      wait(PAUSE_MILLIS);
    }
  }
}
