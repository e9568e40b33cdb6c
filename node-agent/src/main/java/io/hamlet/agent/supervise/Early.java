package io.hamlet.agent.supervise;

import io.hamlet.agent.os.Reactor;
import io.hamlet.agent.supervise.notify.Kin;
import io.hamlet.agent.supervise.notify.Word;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Consumer;

/**
 * What processes said that do not belong to the instance we know. An instance may speak before its
 * supervisor has told us of it; others are strangers. For the thread of the reactor.
 */
final class Early {
  /** Of more the oldest are forgotten. */
  private static final int MOST = 256;

  private static final long PATIENCE_NANOS = 2_000_000_000L;

  private record Held(long sender, List<Word> words, long until) {}

  private final Reactor reactor;
  private final Consumer<String> tell;
  private final ArrayDeque<Held> held = new ArrayDeque<>();
  private boolean isSweeping;

  Early(Reactor reactor, Consumer<String> tell) {
    this.reactor = reactor;
    this.tell = tell;
  }

  /** Keeps it for the next instance, for some time. */
  void hold(long sender, List<Word> words) {
    if (held.size() == MOST) {
      refuse(held.poll());
    }
    held.add(new Held(sender, words, reactor.now().bootNanos() + PATIENCE_NANOS));
    if (!isSweeping) {
      isSweeping = true;
      reactor.after(PATIENCE_NANOS, this::sweep);
    }
  }

  private void sweep() {
    long now = reactor.now().bootNanos();
    while (!held.isEmpty() && held.peek().until <= now) {
      refuse(held.poll());
    }
    isSweeping = !held.isEmpty();
    if (isSweeping) {
      reactor.after(held.peek().until - now, this::sweep);
    }
  }

  /** An instance has begun: what it said before is said now, in its order. */
  void release(long pid, Consumer<List<Word>> hear) {
    for (Held each : List.copyOf(held)) {
      if (Kin.isOf(pid, each.sender)) {
        held.remove(each);
        hear.accept(each.words);
      }
    }
  }

  private void refuse(Held stranger) {
    tell.accept(
        "process " + stranger.sender + " is not of the program; what it said does not count");
  }
}
