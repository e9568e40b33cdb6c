package io.hamlet.agent.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hamlet.core.model.Exit;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Thousands of processes are remembered, but not what was done to start each. */
class MournersTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir Path directory;
  private Bench bench;
  private Tracked program;
  private volatile boolean started;

  @BeforeEach
  void start() {
    bench = new Bench(directory, null);
    String log = directory.resolve("log/program.log").toString();
    Script script =
        new Script(
            bench.place.mark(bench.nextEffect()),
            List.of("/bin/sleep", "1000"),
            List.of(),
            "/",
            log,
            null);
    Cgroups none = new Cgroups(bench.kernel, bench.proc, null);
    Gate gate = new GateMaker(bench.kernel, bench.proc, none).make();
    program = bench.onCore(() -> bench.launch(gate, script, new Notes()));
    await().atMost(PATIENCE).until(() -> started);
  }

  @AfterEach
  void close() {
    bench.kernel.kill(program.id.pid(), 9);
    bench.close();
  }

  @Test
  void runningProgramDoesNotKeepItsScript() {
    assertThat(bench.onCore(() -> program.mourners.size())).isZero();
  }

  @Test
  void theDeadDoNotKeepThoseWhoWereTold() {
    List<Exit> told = bench.onCore(this::mourn);
    bench.kernel.kill(program.id.pid(), 9);
    await().atMost(PATIENCE).until(() -> bench.onCore(() -> !told.isEmpty()));
    assertThat(told).containsExactly(Exit.signaled(9, false));
    assertThat(bench.onCore(() -> program.mourners.size())).isZero();
  }

  private List<Exit> mourn() {
    List<Exit> told = new ArrayList<>();
    program.mourners.add((exit, late) -> told.add(exit));
    return told;
  }

  private final class Notes implements Start.Outcome {
    @Override
    public void started() {
      started = true;
    }

    @Override
    public void failed(String why) {}

    @Override
    public void neverRan() {}
  }
}
