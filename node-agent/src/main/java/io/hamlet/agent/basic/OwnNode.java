package io.hamlet.agent.basic;

import io.hamlet.agent.config.ConfigException;
import io.hamlet.agent.config.NodeConfig;
import io.hamlet.agent.script.run.Tools;
import io.hamlet.client.Ham;
import io.hamlet.client.HamException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The node that the daemon brings along: an ordinary one, in processes of its own, so that it
 * outlives a daemon that is killed and is found again. Thread-safe.
 */
final class OwnNode implements AutoCloseable {
  private static final long START = TimeUnit.SECONDS.toNanos(60);
  private static final long STEP = 20_000_000;

  private final List<String> command;
  private final Path output;
  private final String address;
  private final Set<String> voters;
  private volatile boolean ending;
  private volatile Process launcher;

  /**
   * Nothing is started yet.
   *
   * @param program path of {@code ham}
   * @param node its name; empty: that of this host
   */
  OwnNode(Path program, Home home, String node) throws IOException {
    Map<String, String> options = new LinkedHashMap<>();
    if (!node.isEmpty()) {
      options.put("node", node);
    }
    if (Files.isReadable(home.nodeConfig())) {
      options.put("config", home.nodeConfig().toString());
    } else {
      options.put("listen", "none");
    }
    options.put("state", home.nodeState().toString());
    command = new ArrayList<>(List.of(Tools.find("setsid"), program.toString(), "run"));
    options.forEach((name, value) -> command.add("--" + name + "=" + value));
    output = home.var().resolve("node.log");
    try {
      NodeConfig config = NodeConfig.of(options, home.directory(), System.getenv());
      address = "unix:" + config.places().socket();
      voters = config.cluster().map(c -> Set.copyOf(c.voters())).orElse(Set.of());
    } catch (ConfigException e) {
      throw new IOException(String.join("; ", e.problems()), e);
    }
  }

  /** Of its cluster; empty: it is in none, or votes alone. */
  Set<String> voters() {
    return voters;
  }

  /** Starts it, unless it lives already, and waits until it answers. Throws IOException. */
  Ham start() throws IOException, InterruptedException {
    Ham ham = Ham.connect(address);
    if (!answers(ham)) {
      launch();
      long end = System.nanoTime() + START;
      while (!answers(ham)) {
        if (!launcher.isAlive() || System.nanoTime() > end) {
          ham.close();
          throw new IOException("the node does not answer; see " + output);
        }
        LockSupport.parkNanos(STEP);
      }
    }
    return ham;
  }

  private static boolean answers(Ham ham) throws InterruptedException {
    try {
      return ham.withTimeout(Duration.ofMillis(500)).status().ham().pid() > 0;
    } catch (HamException e) {
      return false;
    }
  }

  private void launch() throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectInput(new File("/dev/null")).redirectErrorStream(true);
    Files.deleteIfExists(output);
    builder.redirectOutput(output.toFile());
    launcher = builder.start();
    launcher.onExit().thenAccept(this::again);
  }

  /** A launcher that was killed: another one attaches to what lives on. */
  private void again(Process ended) {
    // What ends by itself has said why, and would end again.
    if (!ending && ended.exitValue() > 128) {
      try {
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
        launch();
      } catch (IOException e) {
        // The next call of the daemon to its manager fails, and says so.
      }
    }
  }

  /** From now on it is not started again. */
  @Override
  public void close() {
    ending = true;
  }

  /** Waits for its end after a stop, for some seconds. */
  void awaitEnd() throws InterruptedException {
    Process last = launcher;
    if (last != null) {
      last.waitFor(10, TimeUnit.SECONDS);
    }
  }
}
