package io.hamlet.manager.runtime;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who wants to be told that there is something new. Thread-safe. */
public final class Bells {
  private static final Logger LOG = LoggerFactory.getLogger(Bells.class);

  private final List<Runnable> bells = new CopyOnWriteArrayList<>();

  /** Rings this one too; close to end it. */
  public AutoCloseable add(Runnable bell) {
    // Wrapped, so that closing one of two equal bells ends that one.
    Runnable own = () -> bell.run();
    bells.add(own);
    return () -> bells.remove(own);
  }

  /** Rings all, on this thread. One that fails is not rung again. */
  public void ring() {
    for (Runnable bell : bells) {
      try {
        bell.run();
      } catch (RuntimeException e) {
        LOG.warn("whoever is told of news failed; it is not told again", e);
        bells.remove(bell);
      }
    }
  }
}
