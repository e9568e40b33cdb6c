package io.hamlet.client.internal;

import io.hamlet.client.Entity;
import io.hamlet.client.HamException;
import io.hamlet.client.Heartbeat;
import io.hamlet.client.Receipt;
import io.hamlet.client.SelfAttachment;
import io.hamlet.v1.AttachSelfResponse;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process as an entity. Thread-safe.
 *
 * <p>It attaches again by itself under the same name when a manager no longer knows where its beats
 * go.
 */
final class SelfAttached implements SelfAttachment {
  private static final Logger LOG = LoggerFactory.getLogger(SelfAttached.class);
  private final Session session;
  private final String name;
  private final Heartbeat heartbeat;
  private final int flags;
  private volatile Entity entity;
  private volatile Beats beats = Beats.NONE;
  private volatile boolean closed;
  private Thread beater;

  SelfAttached(Session session, String name, Heartbeat heartbeat, int flags)
      throws InterruptedException {
    this.session = session;
    this.name = name;
    this.heartbeat = heartbeat;
    this.flags = flags;
    attach();
  }

  @Override
  public Entity entity() {
    return entity;
  }

  /** One beat; call it where progress is made. Always succeeds, costs next to nothing. */
  @Override
  public void heartbeat() {
    beats.beat();
  }

  /**
   * Beats by itself until {@link #close} or the end of the process. It proves no more than that the
   * process runs; beat where the work is done if that is what matters.
   *
   * @param every above 0; at most half the period is wise
   */
  @Override
  public synchronized void beatEvery(Duration every) {
    if (every.isNegative() || every.isZero()) {
      throw new IllegalArgumentException("beats need a time between them");
    }
    stopBeating();
    if (closed) {
      return;
    }
    long nanos = Wire.nanos(every);
    beater = Thread.ofPlatform().daemon().name("ham-heartbeat").start(() -> beatOn(nanos));
  }

  @Override
  public Receipt publishState(int state) throws InterruptedException {
    return entity.publishState(state);
  }

  @Override
  public Receipt raise(int type, int clazz, int severity) throws InterruptedException {
    return entity.raise(type, clazz, severity);
  }

  /** The process is no entity any more. */
  @Override
  public Receipt detach() throws InterruptedException {
    Receipt receipt = entity.detachSelf();
    close();
    return receipt;
  }

  /** Stops beating and frees what this object holds; the process stays an entity. */
  @Override
  public synchronized void close() {
    closed = true;
    stopBeating();
    beats.close();
  }

  private void attach() throws InterruptedException {
    AttachSelfResponse response = session.attachSelf(name, heartbeat, flags);
    Beats before;
    synchronized (this) {
      before = beats;
      entity =
          (Entity) Wire.object(session, response.getHandle(), Wire.receipt(response.getHeader()));
      beats =
          heartbeat == null || closed
              ? Beats.NONE
              : BeatStream.open(session.link(), response, this::lost);
    }
    before.close();
  }

  /** A manager does not know our slot: it began anew from its durable log, or was replaced. */
  private void lost() {
    Thread.ofVirtual()
        .name("ham-attach-again")
        .start(
            () -> {
              try {
                if (!closed) {
                  attach();
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              } catch (HamException e) {
                retry(e);
              }
            });
  }

  private void retry(HamException why) {
    if (why instanceof HamException.Refused no && no.reason() != HamException.Reason.UNAVAILABLE) {
      LOG.warn("this process is no longer the entity '{}': {}", name, no.getMessage());
    } else if (!closed && !session.link().isClosed()) {
      session.link().later(Integer.MAX_VALUE, this::lost, () -> {});
    }
  }

  private void beatOn(long nanos) {
    long next = System.nanoTime();
    while (!Thread.currentThread().isInterrupted()) {
      heartbeat();
      next += nanos;
      long left = next - System.nanoTime();
      if (left <= 0) {
        next -= left; // Late: do not catch up, a beat says "now".
      } else {
        LockSupport.parkNanos(left);
      }
    }
  }

  private void stopBeating() {
    if (beater != null) {
      beater.interrupt();
      beater = null;
    }
  }
}
