package io.hamlet.agent.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hamlet.agent.os.ffm.FfmKernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stand-in for the command that turns nodes off. */
class FenceAgentTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path directory;

  private FenceAgent agent(Duration timeout, String script) throws IOException {
    Path file = directory.resolve("fence_test");
    Files.writeString(file, "#!/bin/sh\ncd " + directory + "\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    FenceOptions options =
        FenceOptions.parse(
            List.of("# all", "* username=admin", "b ip=10.0.0.2", "c ip=10.0.0.3", "b plug=7", ""));
    return new FenceAgent(new FfmKernel(), new FenceAgent.Config(file, "off", options, timeout));
  }

  private static String failure(CompletableFuture<Void> off) throws Exception {
    try {
      off.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      return "";
    } catch (ExecutionException e) {
      return e.getCause().getMessage();
    }
  }

  @Test
  void itIsToldWhomAndHow() throws Exception {
    FenceAgent agent = agent(PATIENCE, "cat >told; echo done");
    assertThat(failure(agent.off("b"))).isEmpty();
    assertThat(Files.readAllLines(directory.resolve("told")))
        .containsExactly("action=off", "ip=10.0.0.2", "nodename=b", "plug=7", "username=admin");
    assertThat(failure(agent.monitor("a"))).isEmpty();
    assertThat(Files.readAllLines(directory.resolve("told")))
        .containsExactly("action=monitor", "nodename=a", "plug=a", "username=admin");
  }

  @Test
  void aFailureIsTriedOnceMore() throws Exception {
    assertThat(failure(agent(PATIENCE, "[ -e once ] || { >once; exit 1; }").off("b"))).isEmpty();
  }

  @Test
  void whatFailsTwiceSaysWhy() throws Exception {
    FenceAgent agent = agent(PATIENCE, "echo x >>tries; echo no power; echo exit 0 >&2; exit 3");
    assertThat(failure(agent.off("b"))).isEqualTo("fence_test off: exit 3: no power exit 0");
    assertThat(Files.readAllLines(directory.resolve("tries"))).hasSize(2);
  }

  @Test
  void oneThatNeverEndsIsEndedWithAllThatItStarted() throws Exception {
    FenceAgent agent = agent(Duration.ofSeconds(1), "sleep 1000 & echo $! >>pids; wait");
    assertThat(failure(agent.off("b"))).isEqualTo("fence_test off: no answer within 1000 ms");
    for (String pid : Files.readAllLines(directory.resolve("pids"))) {
      await()
          .atMost(PATIENCE)
          .until(() -> ProcessHandle.of(Long.parseLong(pid)).map(p -> !p.isAlive()).orElse(true));
    }
  }

  /** A daemon that it leaves behind holds its output open; that is not waited for. */
  @Test
  void whatItLeavesBehindIsNotWaitedFor() throws Exception {
    FenceAgent agent = agent(PATIENCE, "sleep 1000 & echo $! >pid; exit 0");
    assertThat(failure(agent.off("b"))).isEmpty();
    long left = Long.parseLong(Files.readString(directory.resolve("pid")).strip());
    ProcessHandle.of(left).ifPresent(ProcessHandle::destroyForcibly);
  }

  @Test
  void aCommandThatIsMissingIsAFailure() throws Exception {
    FenceAgent agent = agent(PATIENCE, "");
    Files.delete(directory.resolve("fence_test"));
    assertThat(failure(agent.off("b"))).startsWith("fence_test off: exit 127");
  }

  @Test
  void aLineThatIsNoOptionIsRefusedWithoutBeingShown() {
    assertThatThrownBy(() -> FenceOptions.parse(List.of("* a=b", "b password secret")))
        .hasMessage("line 2 is not NODE name=value");
  }
}
