package io.hamlet.manager.member;

import io.hamlet.core.model.RequestId;
import io.hamlet.core.recovery.Command;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.core.recovery.HamState;
import io.hamlet.core.recovery.Reply;
import io.hamlet.manager.port.Ack;
import io.hamlet.manager.port.Inbox;
import io.hamlet.manager.port.Requests;
import java.time.Duration;

/**
 * The node's own tree as this thread talks to it. Behind all that is told a question is asked, and
 * only its answer says that what was told is in the state: nothing is concluded before. Cluster
 * thread.
 */
final class OwnTree {
  private static final RequestId UNNAMED = new RequestId(0, 0, 0);
  private static final Command QUESTION = new Command.Verbose(Command.VerboseVerb.GET, 0);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final long PAUSE_NANOS = 20_000_000L;

  private final Requests requests;
  private final Inbox inbox;
  private final Runnable wake;
  private long told;
  private long asked;
  private long again = Long.MAX_VALUE;
  private volatile long heard;
  private volatile boolean turnedAway;

  OwnTree(Requests requests, Inbox inbox, Runnable wake) {
    this.requests = requests;
    this.inbox = inbox;
    this.wake = wake;
  }

  void tell(HamEvent event) {
    inbox.post(event);
    told++;
  }

  /** All that was told is in {@link #state}, if that is read afterwards. */
  boolean isSettled() {
    return heard == told;
  }

  HamState state() {
    return requests.state();
  }

  /** Asks behind what was told since the last question. */
  long due(long now) {
    if (turnedAway) {
      turnedAway = false;
      again = now + PAUSE_NANOS;
    }
    boolean repeat = again <= now;
    if (asked < told || repeat) {
      again = Long.MAX_VALUE;
      asked = told;
      long upTo = told;
      requests
          .submit(UNNAMED, QUESTION, Ack.LOCAL, PATIENCE)
          .whenComplete((answer, failure) -> answered(answer, upTo));
    }
    return again;
  }

  /** Any thread. */
  private synchronized void answered(Requests.Answered answer, long upTo) {
    if (answer == null || answer.reply() instanceof Reply.No) {
      turnedAway = true;
    } else {
      heard = Math.max(heard, upTo);
    }
    wake.run();
  }
}
