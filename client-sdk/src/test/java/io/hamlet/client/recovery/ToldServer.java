package io.hamlet.client.recovery;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Knows of a server what a test tells it. */
final class ToldServer implements ServerWatch {
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private volatile Server now = new Server("toy", "one", 41, 1, true);

  void tell(Server next) {
    now = next;
    listeners.forEach(Runnable::run);
  }

  int listeners() {
    return listeners.size();
  }

  @Override
  public Server now() {
    return now;
  }

  @Override
  public Listening onChange(Runnable listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }
}
