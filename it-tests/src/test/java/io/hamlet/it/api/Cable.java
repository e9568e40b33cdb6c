package io.hamlet.it.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A way to a port of this host that can be pulled: then nothing comes through, and nobody is told.
 */
final class Cable implements AutoCloseable {
  private final ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final List<Socket> ends = new CopyOnWriteArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean pulled;

  Cable(int port) throws IOException {
    Thread.ofVirtual().start(() -> accept(port));
  }

  String address() {
    return "127.0.0.1:" + door.getLocalPort();
  }

  /** How many there have been. */
  int connections() {
    return ends.size() / 2;
  }

  void pull() {
    lock.lock();
    try {
      pulled = true;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() throws IOException {
    door.close();
    lock.lock();
    try {
      pulled = false;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    for (Socket end : ends) {
      end.close();
    }
  }

  private void accept(int port) {
    try {
      while (true) {
        Socket near = door.accept();
        Socket far = new Socket(InetAddress.getLoopbackAddress(), port);
        ends.addAll(List.of(near, far));
        Thread.ofVirtual().start(() -> carry(near, far));
        Thread.ofVirtual().start(() -> carry(far, near));
      }
    } catch (IOException e) {
      return; // Taken down.
    }
  }

  private void carry(Socket from, Socket to) {
    byte[] some = new byte[8192];
    try (from;
        to;
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      for (int n = in.read(some); n >= 0; n = in.read(some)) {
        awaitWhole();
        out.write(some, 0, n);
      }
    } catch (IOException e) {
      return; // Either end has closed.
    }
  }

  private void awaitWhole() {
    lock.lock();
    try {
      while (pulled) {
        changed.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }
}
