package io.hamlet.agent;

import io.hamlet.agent.config.NodeConfig;
import io.hamlet.agent.launcher.LauncherLink;
import java.nio.file.Path;
import java.util.List;

/**
 * How a manager was started; a successor is started the same way.
 *
 * @param held start, but perform nothing until an operator says so
 * @param directory against which relative paths of the words are taken
 * @param words of {@code ham run}, as they came
 */
record Launch(
    NodeConfig config, LauncherLink link, boolean held, Path directory, List<String> words) {
  /** What performs nothing must not be given what others could run. */
  Launch {
    config = held ? config.withoutRoom() : config;
  }

  /** Whether a Guardian is to stand by: without a launcher nobody would tell it of its end. */
  boolean guarded() {
    return config.guardian() && link.isLaunched();
  }
}
