package io.hamlet.manager.cluster;

import io.hamlet.manager.port.Subject;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * What waits for one member, and the thread that hands it to the network. When the member is slow
 * or frozen that thread blocks, and nobody else.
 */
final class Outbox implements AutoCloseable {
  /** What may wait: bytes, heads included. */
  static final int MOST_BYTES = 4 << 20;

  /** Small messages that wait together travel together, up to so many bytes. */
  private static final int TOGETHER = 60_000;

  private record Waiting(Subject subject, byte[] message) {
    int bytes() {
      return Frames.HEAD + message.length;
    }
  }

  private final Consumer<ByteBuffer> network;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private final Thread thread;
  private int bytes;
  private byte[] hello;
  private boolean closed;

  /**
   * @param network sends a frame, and may block; gives up when it is interrupted
   */
  Outbox(String name, Consumer<ByteBuffer> network) {
    this.network = network;
    this.thread = Thread.ofPlatform().daemon().name("bus to " + name).start(this::run);
  }

  /** False: too much waits already, or it is closed. Any thread. */
  boolean add(Subject subject, byte[] message) {
    Waiting one = new Waiting(subject, message);
    lock.lock();
    try {
      if (closed || bytes + one.bytes() > MOST_BYTES) {
        return false;
      }
      bytes += one.bytes();
      waiting.add(one);
      work.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Says this before everything that waits, and instead of an earlier one that still does. */
  void hello(byte[] message) {
    lock.lock();
    try {
      hello = message;
      work.signal();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    try {
      for (ByteBuffer frame = next(); frame != null; frame = next()) {
        network.accept(frame);
      }
    } catch (InterruptedException e) {
      // Closed.
    }
  }

  /** Null when it is closed. */
  private ByteBuffer next() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!closed && hello == null && waiting.isEmpty()) {
        work.await();
      }
      return closed ? null : frame();
    } finally {
      lock.unlock();
    }
  }

  private ByteBuffer frame() {
    int size = hello == null ? 0 : Frames.HEAD + hello.length;
    int count = 0;
    for (Waiting one : waiting) {
      if (size > 0 && size + one.bytes() > TOGETHER) {
        break;
      }
      size += one.bytes();
      count++;
    }
    ByteBuffer out = ByteBuffer.allocate(size);
    if (hello != null) {
      Frames.put(out, Subject.HELLO, hello);
      hello = null;
    }
    for (int i = 0; i < count; i++) {
      Waiting one = waiting.poll();
      bytes -= one.bytes();
      Frames.put(out, one.subject(), one.message());
    }
    return out.flip();
  }

  /** What still waits is dropped. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      waiting.clear();
    } finally {
      lock.unlock();
    }
    thread.interrupt();
  }
}
