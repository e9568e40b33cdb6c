package io.hamlet.agent.basic;

import io.hamlet.agent.basic.core.Deed;
import io.hamlet.agent.script.Raw;
import io.hamlet.agent.script.run.GroupRun;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs the commands of sequences. Thread-safe; a run blocks its thread. */
final class StepRunner {
  /** The file of their output is begun anew beyond this; one older is kept. */
  private static final long MOST_OUTPUT = 8 << 20;

  private final Home home;
  private final GroupRun runs;

  StepRunner(Home home, GroupRun runs) {
    this.home = home;
    this.runs = runs;
  }

  Raw run(Deed.RunStep deed) throws InterruptedException {
    String command = deed.words().getFirst();
    Script scripts = new Script(home.actions());
    String problem = scripts.problemWith(command);
    if (!problem.isEmpty()) {
      return Raw.notStarted(problem);
    }
    List<String> argv = new ArrayList<>(deed.words());
    argv.set(0, scripts.path(command).toString());
    Map<String, String> environment = CheckRunner.base();
    environment.putAll(deed.environment());
    return runs.append(
        new GroupRun.Job(argv, environment, home.directory(), deed.timeout(), deed.killAfter()),
        output());
  }

  private synchronized File output() {
    Path file = home.actionLog();
    try {
      if (Files.exists(file) && Files.size(file) > MOST_OUTPUT) {
        Path older = file.resolveSibling(file.getFileName() + ".1");
        Files.move(file, older, StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      // It grows on: no reason not to act.
    }
    return file.toFile();
  }
}
