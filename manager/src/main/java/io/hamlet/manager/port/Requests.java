package io.hamlet.manager.port;

import io.hamlet.core.model.RequestId;
import io.hamlet.core.recovery.Command;
import io.hamlet.core.recovery.HamState;
import io.hamlet.core.recovery.Reply;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** The desk at which clients are served. Thread-safe. */
public interface Requests {
  /**
   * Hands a command to the acting HAM.
   *
   * @param id names it; one with {@code client} 0 gets an id of its own
   * @param wanted null: the default level, whose failure is only a warning
   * @param timeout for the acknowledgement; the change itself is not undone by it
   * @return completes with the answer once the level is reached or the timeout is over; on any
   *     thread
   */
  CompletableFuture<Answered> submit(RequestId id, Command command, Ack wanted, Duration timeout);

  /**
   * @param reached how far the change had got
   * @param onTime the level was reached within the timeout
   */
  record Answered(Reply reply, Ack reached, boolean onTime) {}

  /** The state as of the newest entry; immutable. */
  HamState state();

  /** Index of the newest entry on disk. */
  long durableIndex();

  History history();

  /** Where messages of supervised programs are noted. */
  default Messages messages() {
    return Messages.NONE;
  }
}
