package io.hamlet.agent.process;

import io.hamlet.agent.os.Errno;
import io.hamlet.agent.os.Kernel;
import io.hamlet.agent.os.Reactor;
import io.hamlet.core.model.EffectId;
import io.hamlet.core.recovery.Effect;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.manager.port.Inbox;
import io.hamlet.manager.port.Notifier;
import java.util.HashMap;
import java.util.Map;

/** {@link Notifier} by real signals and inotify. Core thread. */
public final class LinuxNotifier implements Notifier, AutoCloseable {
  /** {@code si_code} of sigqueue(3); a user may send no positive code. */
  private static final int SI_QUEUE = -1;

  private final Kernel kernel;
  private final Reactor reactor;
  private final Inbox inbox;
  private final ProcFiles proc;
  private final PathWatch paths;
  private final Map<EffectId, PathWatch.Watching> awaited = new HashMap<>();

  public LinuxNotifier(Kernel kernel, Reactor reactor, Inbox inbox) {
    this.kernel = kernel;
    this.reactor = reactor;
    this.inbox = inbox;
    this.proc = new ProcFiles(kernel);
    this.paths = new PathWatch(kernel, reactor, "agent-paths");
  }

  /**
   * A signal without code and value is sent plainly, any other as by sigqueue(3). A negative code
   * is the {@code si_code}. Linux lets no user send a positive one, so that goes with SI_QUEUE into
   * the upper half of {@code si_ptr}, if the value fits into the lower half ({@code si_int}).
   */
  @Override
  public void signal(Effect.Signal effect) {
    String why = send(effect);
    inbox.post(
        why == null
            ? new HamEvent.Done(effect.id())
            : new HamEvent.Failed(
                effect.id(),
                "signal " + effect.signal() + " to " + effect.process().pid() + ": " + why));
  }

  private String send(Effect.Signal effect) {
    long pidfd = kernel.pidfdOpen(effect.process().pid());
    if (pidfd < 0) {
      return Errno.text(pidfd);
    }
    try {
      if (!proc.isThere(effect.process())) {
        return "the process is gone, its pid is another's now";
      }
      long result =
          effect.code() == 0 && effect.value() == 0
              ? kernel.pidfdSignal((int) pidfd, effect.signal())
              : kernel.pidfdQueue(
                  (int) pidfd,
                  effect.signal(),
                  effect.code() < 0 ? effect.code() : SI_QUEUE,
                  payload(effect.code(), effect.value()));
      return result < 0 ? Errno.text(result) : null;
    } finally {
      kernel.close((int) pidfd);
    }
  }

  static long payload(int code, long value) {
    boolean bothFit = code > 0 && value == (int) value;
    return bothFit ? (long) code << 32 | value & 0xFFFF_FFFFL : value;
  }

  @Override
  public void awaitPath(Effect.AwaitPath effect) {
    if (awaited.containsKey(effect.id())) {
      return;
    }
    PathWatch.Watching watching =
        paths.on(
            effect.path(),
            () -> {
              if (proc.exists(effect.path())) {
                reactor.execute(() -> appeared(effect.id()));
              }
            });
    awaited.put(effect.id(), watching);
  }

  private void appeared(EffectId id) {
    if (cancel(id)) {
      inbox.post(new HamEvent.Done(id));
    }
  }

  @Override
  public void forget(Effect.Forget effect) {
    cancel(effect.id());
  }

  private boolean cancel(EffectId id) {
    PathWatch.Watching watching = awaited.remove(id);
    if (watching != null) {
      watching.cancel();
    }
    return watching != null;
  }

  @Override
  public void close() {
    paths.close();
  }
}
