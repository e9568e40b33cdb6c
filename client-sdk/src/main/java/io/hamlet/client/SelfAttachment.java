package io.hamlet.client;

import java.time.Duration;

/**
 * This process as an entity. Thread-safe.
 *
 * <p>It attaches again by itself under the same name when a manager that took over asks for it.
 */
public final class SelfAttachment implements AutoCloseable {
  SelfAttachment() {}

  public Entity entity() {
    throw new UnsupportedOperationException("being written");
  }

  /** One beat; call it where progress is made. Always succeeds, costs next to nothing. */
  public void heartbeat() {
    throw new UnsupportedOperationException("being written");
  }

  /**
   * Beats by itself until {@link #close} or the end of the process. It proves no more than that the
   * process runs; beat where the work is done if that is what matters.
   *
   * @param every at most half the period is wise
   */
  public void beatEvery(Duration every) {
    throw new UnsupportedOperationException("being written");
  }

  public Receipt publishState(int state) throws InterruptedException {
    return entity().publishState(state);
  }

  public Receipt raise(int type, int clazz, int severity) throws InterruptedException {
    return entity().raise(type, clazz, severity);
  }

  /** The process is no entity any more. */
  public Receipt detach() throws InterruptedException {
    throw new UnsupportedOperationException("being written");
  }

  /** Stops beating and frees what this object holds; the process stays an entity. */
  @Override
  public void close() {
    throw new UnsupportedOperationException("being written");
  }
}
