package io.hamlet.agent.supervise;

import io.hamlet.client.SamEnd;
import io.hamlet.client.SamProgram;
import java.util.function.LongConsumer;

/**
 * The course of a program that the manager supervises, made out of what the manager says of it.
 * What comes may be the last of many changes: instances may have come and gone unseen, all of them
 * even. For one thread.
 */
final class Course {
  private static final int REFUSED = 1;

  private final Supervisor.Listener listener;
  private final boolean startsNow;
  private final LongConsumer hold;
  private boolean isTakenUp;
  private boolean hasBegun;
  private long instance;
  private long told;
  private String state = "";
  private int endsWith = -1;

  /**
   * @param isTakenUp it ran before we came, and somebody else has told of it until now
   * @param startsNow the manager starts each instance
   * @param hold gets the process of the instance that runs, and 0 when it has ended
   */
  Course(Supervisor.Listener listener, boolean isTakenUp, boolean startsNow, LongConsumer hold) {
    this.listener = listener;
    this.isTakenUp = isTakenUp;
    this.startsNow = startsNow;
    this.hold = hold;
  }

  /** Whatever the program ends with, that is what we end with. */
  void endsWith(int status) {
    endsWith = status;
  }

  /** What the manager knows, each time it is something new. */
  void changed(SamProgram now) {
    boolean isNext = now.instance() != instance;
    if (hasBegun && (isNext || now.state().equals("recovering") || now.isOver())) {
      ended(now.end());
    }
    unseen(now);
    if (now.isOver()) {
      over(now.end());
      return;
    }
    boolean runs = now.pid() > 0 && !now.state().equals("recovering");
    if (!hasBegun && runs && isNext) {
      began(now);
    }
    if (hasBegun && !now.state().equals(state)) {
      state = now.state();
      switch (state) {
        case "started" -> listener.started();
        case "warned" -> listener.warned(now.warning());
        case "waiting quorum" -> listener.told("waits for a quorum");
        case "killing" -> listener.told("is being killed");
        default -> {
          // Nothing that people want to be told.
        }
      }
    }
  }

  private void began(SamProgram now) {
    hasBegun = true;
    instance = now.instance();
    state = "";
    hold.accept(now.pid());
    boolean isStarted = now.state().equals("started") || now.state().equals("warned");
    boolean isSupervised = isStarted || (!isTakenUp && startsNow);
    listener.began(instance, now.pid(), isSupervised, isTakenUp);
    isTakenUp = false;
  }

  private void ended(SamEnd end) {
    hasBegun = false;
    hold.accept(0);
    listener.dying();
    boolean isKnown = end != null && end.instance() == instance;
    boolean byItself = isKnown && end.cause().equals("exited");
    told = instance;
    listener.ended(
        instance, isKnown ? how(end) : "unknown", byItself, isKnown ? end.status() : REFUSED);
  }

  /** Tells the last end, if its instance has come and gone between two words of the manager. */
  private void unseen(SamProgram now) {
    SamEnd end = now.end();
    if (end == null || end.instance() <= told) {
      return;
    }
    told = end.instance();
    if (!isTakenUp || now.pid() == 0) {
      listener.ended(end.instance(), how(end), false, end.status());
    }
  }

  /** Why it is not started again is no cause of its end. */
  private static String how(SamEnd end) {
    return end.cause().equals("not-started") ? end.exit() : end.exit() + " (" + end.cause() + ")";
  }

  private void over(SamEnd end) {
    String why =
        switch (end == null ? "" : end.cause()) {
          case "operator" -> "an operator has ended its supervision";
          case "not-started" -> "given up: it cannot be started, or was started too often";
          case "unkillable" -> "it cannot be killed";
          default -> "";
        };
    listener.over(endsWith >= 0 ? endsWith : end == null ? REFUSED : end.status(), why);
  }
}
