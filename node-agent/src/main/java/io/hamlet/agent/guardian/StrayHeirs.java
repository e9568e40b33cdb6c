package io.hamlet.agent.guardian;

import io.hamlet.agent.os.Kernel;
import io.hamlet.agent.os.Stopped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Heirs of a dead Guardian that somebody had stopped: they never read that it is gone, and keep the
 * sockets of the node open for nobody. They have come to this process, and are told to go on, which
 * ends them.
 */
final class StrayHeirs {
  private StrayHeirs() {}

  /** Looks at all processes there are. Any thread. */
  static void wake(Kernel kernel) {
    ProcessHandle.current()
        .children()
        .forEach(child -> Stopped.wake(kernel, child.pid(), StrayHeirs::isStoppedHeir));
  }

  private static boolean isStoppedHeir(long pid) {
    try {
      Path process = Path.of("/proc/" + pid);
      return Heir.isOne(Files.readString(process.resolve("cmdline")))
          && Files.readString(process.resolve("stat")).contains(") T ");
    } catch (IOException e) {
      return false; // Gone, or its words are no text.
    }
  }
}
