package io.hamlet.client;

import java.time.Duration;

/**
 * This process as an entity. Thread-safe.
 *
 * <p>It attaches again by itself under the same name when a manager no longer knows where its beats
 * go.
 */
public interface SelfAttachment extends AutoCloseable {
  Entity entity();

  /** One beat; call it where progress is made. Always succeeds, costs next to nothing. */
  void heartbeat();

  /**
   * Beats by itself until {@link #close} or the end of the process. It proves no more than that the
   * process runs; beat where the work is done if that is what matters.
   *
   * @param every above 0; at most half the period is wise
   */
  void beatEvery(Duration every);

  Receipt publishState(int state) throws InterruptedException;

  Receipt raise(int type, int clazz, int severity) throws InterruptedException;

  /** The process is no entity any more. */
  Receipt detach() throws InterruptedException;

  /** Stops beating and frees what this object holds; the process stays an entity. */
  @Override
  void close();
}
