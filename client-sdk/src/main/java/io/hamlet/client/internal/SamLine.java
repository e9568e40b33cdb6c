package io.hamlet.client.internal;

import io.hamlet.client.HamException;
import io.hamlet.client.SamProgram;
import io.hamlet.client.Warning;
import io.hamlet.v1.SamBeat;
import io.hamlet.v1.SamGrpc;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * The standing connection of a program: messages go over it, and what changes is told. It mends
 * itself. Listeners are called one at a time, on a thread of their own. Thread-safe.
 */
public final class SamLine {
  private static final int WINDOW = 16;
  private final SamCalls calls;
  private final ExecutorService telling =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("sam-telling").factory());
  private volatile Consumer<Warning> onWarning;
  private volatile Consumer<SamProgram> onChange;
  private Feed feed;
  private long warned;

  public SamLine(SamCalls calls) {
    this.calls = calls;
  }

  /** Null: nobody listens. */
  public void onWarning(Consumer<Warning> listener) {
    onWarning = listener;
  }

  /** Null: nobody listens. */
  public void onChange(Consumer<SamProgram> listener) {
    onChange = listener;
  }

  /** Opens it; twice is once. */
  public synchronized void open() {
    if (feed == null) {
      feed = new Feed();
      feed.open();
    }
  }

  /** Sends a message, if the connection can take it now; false: it cannot. */
  public synchronized boolean beat() {
    return feed != null && feed.offer(SamBeat.getDefaultInstance());
  }

  public synchronized void close() {
    if (feed != null) {
      feed.cancel();
    }
    telling.shutdown();
  }

  private void tell(SamProgram now) {
    Consumer<SamProgram> changes = onChange;
    if (changes != null) {
      changes.accept(now);
    }
    Consumer<Warning> warnings = onWarning;
    if (!now.warning().isEmpty() && now.instance() > warned && warnings != null) {
      warned = now.instance();
      warnings.accept(new Warning(now.warning(), now.grace()));
    }
  }

  private final class Feed extends LiveStream<SamBeat, io.hamlet.v1.SamProgram> {
    Feed() {
      super(calls.session().link(), SamGrpc.getAttachMethod(), Link.Where.HOME);
    }

    @Override
    SamBeat opening() {
      return SamBeat.newBuilder()
          .setHeader(calls.session().header())
          .setProgram(calls.handle())
          .build();
    }

    @Override
    int window() {
      return WINDOW;
    }

    @Override
    void arrived(io.hamlet.v1.SamProgram message) {
      SamProgram now = SamWire.program(message);
      if (!telling.isShutdown()) {
        telling.execute(() -> tell(now));
      }
      more(1);
    }

    @Override
    void ended(HamException why) {
      // The program is gone, or this object is closed; calls say so.
    }
  }
}
