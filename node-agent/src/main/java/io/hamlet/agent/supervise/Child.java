package io.hamlet.agent.supervise;

import io.hamlet.agent.os.Kernel;
import io.hamlet.agent.os.Reactor;
import io.hamlet.agent.os.SpawnRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * A process of our own, in a session of its own and with our standard streams; one after another.
 * For the thread of the reactor.
 */
final class Child {
  private static final String SHELL = "/bin/sh";

  /** Only the directory is the shell's business; the words of the command are its arguments. */
  private static final String ENTER = "cd -- \"$1\" && shift && exec \"$@\"";

  private static final List<SpawnRequest.Given> STREAMS =
      List.of(
          new SpawnRequest.Given(0, 0), new SpawnRequest.Given(1, 1), new SpawnRequest.Given(2, 2));

  private final Kernel kernel;
  private final Reactor reactor;
  private final SpawnRequest request;
  private final boolean isGroup;
  private long pid;
  private int pidfd = -1;

  /**
   * Nothing is started yet.
   *
   * @param isGroup with each process its process group ends
   */
  Child(
      Kernel kernel,
      Reactor reactor,
      List<String> argv,
      Map<String, String> environment,
      Path directory,
      boolean isGroup) {
    this.kernel = kernel;
    this.reactor = reactor;
    this.isGroup = isGroup;
    List<String> words = new ArrayList<>(List.of(SHELL, "-c", ENTER, "sh", directory.toString()));
    words.addAll(argv);
    List<String> variables = new ArrayList<>();
    environment.forEach((name, value) -> variables.add(name + "=" + value));
    request = new SpawnRequest(SHELL, words, variables, STREAMS);
  }

  /**
   * Starts it.
   *
   * @param ended gets its wait(2) status when it has died
   * @return its pid, or a negative error number
   */
  long start(IntConsumer ended) {
    long started = kernel.spawn(request);
    if (started < 0) {
      return started;
    }
    long opened = kernel.pidfdOpen(started);
    if (opened < 0) {
      kernel.kill(-started, Kernel.SIGKILL);
      return opened;
    }
    pid = started;
    pidfd = (int) opened;
    reactor.add(pidfd, Kernel.EPOLL_IN, events -> bury(ended));
    return pid;
  }

  boolean isAlive() {
    return pidfd >= 0;
  }

  /** Nothing for 0, or when there is no process. */
  void signal(int number) {
    if (isAlive() && number > 0) {
      kernel.pidfdSignal(pidfd, number);
    }
  }

  /** The rest of its group goes when it has gone. */
  void kill() {
    if (isAlive()) {
      kernel.pidfdSignal(pidfd, Kernel.SIGKILL);
    }
  }

  private void bury(IntConsumer ended) {
    long status = kernel.childStatus(pidfd);
    if (status < 0) {
      return;
    }
    if (isGroup) {
      // Before it is buried: until then nobody else can have this number.
      kernel.kill(-pid, Kernel.SIGKILL);
    }
    kernel.reapChild(pidfd);
    reactor.removeAndClose(pidfd);
    pidfd = -1;
    ended.accept((int) status);
  }
}
