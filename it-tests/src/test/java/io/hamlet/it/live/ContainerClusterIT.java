package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.Container.ExecResult;

/** Nodes in containers of the packed program, found by name, and what an engine can do to them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ContainerClusterIT {
  private static final List<String> NODES = List.of("a", "b", "c");
  private static final Duration LIMIT = Duration.ofSeconds(90);

  @TempDir static Path directory;
  private Containers nodes;

  @BeforeAll
  void start() throws Exception {
    nodes = new Containers(directory, NODES, (node, container) -> List.of());
    awaitAll();
  }

  @AfterAll
  void stop() {
    if (nodes != null) {
      nodes.close();
    }
  }

  @Test
  void whoIsPausedIsLostAndComesBackAsItWas() throws Exception {
    long pid = attach("b", "paused");
    nodes.pause("b");
    awaitState("a", "b", "lost");
    awaitState("c", "b", "lost");
    awaitState("a", "c", "up");
    nodes.unpause("b");
    awaitAll();
    assertThat(pid("b", "paused")).isEqualTo(pid);
  }

  @Test
  void whoIsDisconnectedIsLostAndComesBackAsItWas() throws Exception {
    long pid = attach("b", "disconnected");
    nodes.disconnect("b");
    awaitState("a", "b", "lost");
    awaitState("c", "b", "lost");
    // Alone it can call nobody lost.
    await("b", "it has no majority", "\"quorate\":false");
    assertThat(pid("b", "disconnected")).as("it runs on alone").isEqualTo(pid);
    nodes.connect("b");
    awaitAll();
    assertThat(pid("b", "disconnected")).isEqualTo(pid);
  }

  @Test
  void whoIsKilledIsLostAndItsTreeIsThereWhenItIsStartedAgain() throws Exception {
    attach("c", "killed");
    nodes.kill("c");
    awaitState("a", "c", "lost");
    awaitState("b", "c", "lost");
    nodes.start("c");
    awaitAll();
    assertThat(ham("a", "cat c:killed").getStdout()).contains("\"path\":\"killed\"");
  }

  private long attach(String node, String entity) throws Exception {
    String line = "--node %s attach %s --keep-on-death -- /bin/sleep 100000";
    ExecResult made = ham("a", line.formatted(node, entity));
    assertThat(made.getExitCode()).as(made.getStderr()).isZero();
    return pid(node, entity);
  }

  /** As its own node tells it. */
  private long pid(String node, String entity) throws Exception {
    String said = ham(node, "cat " + entity).getStdout();
    assertThat(said).contains("\"pid\":");
    return Long.parseLong(said.replaceAll("(?s).*\"pid\":(\\d+).*", "$1"));
  }

  private void awaitAll() {
    NODES.forEach(by -> NODES.forEach(node -> awaitState(by, node, "up")));
  }

  private void awaitState(String by, String node, String state) {
    await(
        by,
        "it sees " + node + " " + state,
        "{\"node\":\"%s\",\"state\":\"%s\"".formatted(node, state));
  }

  private void await(String by, String what, String words) {
    Until.isTrue(
        by + " says that " + what, LIMIT, () -> ham(by, "status").getStdout().contains(words));
  }

  /** One command, called in the container of a node. */
  private ExecResult ham(String in, String line) throws Exception {
    return nodes.run(in, ("ham -o json " + line).split(" "));
  }
}
