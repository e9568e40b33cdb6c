package io.hamlet.agent.supervise.health;

import io.hamlet.agent.script.Raw;
import io.hamlet.agent.script.run.GroupRun;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Runs a program and takes its exit status by the convention of the Monitoring Plugins. */
final class ExecProbe implements Probe {
  private static final Duration KILL_AFTER = Duration.ofSeconds(2);

  private final GroupRun runs;
  private final List<String> argv;
  private final Map<String, String> environment;
  private final Path directory;

  ExecProbe(GroupRun runs, List<String> argv, Map<String, String> environment, Path directory) {
    this.runs = runs;
    this.argv = argv;
    this.environment = environment;
    this.directory = directory;
  }

  @Override
  public Finding look(Duration limit) throws InterruptedException {
    Duration patience = limit.compareTo(KILL_AFTER) < 0 ? limit : KILL_AFTER;
    GroupRun.Job job = new GroupRun.Job(argv, environment, directory, limit, patience);
    Raw raw = runs.capture(job).raw();
    String said = raw.output().lines().findFirst().orElse("");
    String text = raw.words() + (said.isEmpty() ? "" : ": " + said);
    return switch (raw.end()) {
      case EXITED -> of(raw.exit(), text);
      // Like a callback that hangs: whoever does not answer in time is not well.
      case TIMED_OUT -> Finding.sick("no answer within " + limit.toMillis() + " ms");
      case NOT_STARTED -> Finding.unknown(raw.words());
    };
  }

  private static Finding of(int exit, String text) {
    return switch (exit) {
      case 0 -> Finding.well("");
      case 1 -> Finding.well(text);
      case 2 -> Finding.sick(text);
      default -> Finding.unknown(text);
    };
  }
}
