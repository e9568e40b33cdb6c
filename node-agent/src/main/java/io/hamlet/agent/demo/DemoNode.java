package io.hamlet.agent.demo;

import io.hamlet.agent.config.ConfigException;
import io.hamlet.agent.config.NodeConfig;
import io.hamlet.client.Ham;
import io.hamlet.client.HamException;
import io.hamlet.client.Status;
import io.hamlet.client.TreeObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A node of the demo's own, started as anybody would start one. Thread-safe. */
final class DemoNode {
  private static final Duration START = Duration.ofSeconds(90);
  private static final long STOP_SECONDS = 20;

  /** From the end of the launcher to that of whatever else the node was. */
  private static final Duration LEAVING = Duration.ofSeconds(2);

  private final String name;
  private final Path directory;
  private final List<String> command;
  private final Ham ham;
  private Process launcher;
  private long manager;

  private DemoNode(Path program, String name, Path directory, List<String> network) {
    this.name = name;
    this.directory = directory;
    this.ham = Ham.connect("unix:" + directory.resolve("ham.sock"));
    this.command = new ArrayList<>(List.of(program.toString(), "run", "--node", name));
    command.addAll(List.of("--no-restart", "--state", directory.resolve("state").toString()));
    command.addAll(List.of("--socket", directory.resolve("ham.sock").toString()));
    command.addAll(network);
  }

  /**
   * Begins to start one; {@link #awaitAnswer} waits for it.
   *
   * @param network the options of {@code ham run} that tell where it listens and whom it knows
   */
  static DemoNode start(Path program, String name, List<String> network) {
    try {
      Path directory = Files.createTempDirectory("ham-demo");
      DemoNode node = new DemoNode(program, name, directory, network);
      node.launch();
      return node;
    } catch (IOException e) {
      throw new DemoFailure("cannot start a node: " + e.getMessage());
    }
  }

  /** Starts it again, as it was started before, and waits until it answers. */
  void startAgain() throws InterruptedException {
    try {
      launch();
    } catch (IOException e) {
      throw new DemoFailure("cannot start a node: " + e.getMessage());
    }
    awaitAnswer();
  }

  private void launch() throws IOException {
    ProcessBuilder run = new ProcessBuilder(command);
    run.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    run.redirectErrorStream(true);
    run.redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("node.out").toFile()));
    launcher = run.start();
  }

  /** Kills the launcher and both managers, in one blow as far as that can be. */
  void kill() throws InterruptedException {
    Status status = ham.status();
    List<Long> all = new ArrayList<>(List.of(launcher.pid(), status.ham().pid()));
    if (status.guardian() != null) {
      all.add(status.guardian().pid());
    }
    Outside.signal("KILL", all);
    launcher.waitFor(STOP_SECONDS, TimeUnit.SECONDS);
  }

  void awaitAnswer() throws InterruptedException {
    long end = System.nanoTime() + START.toNanos();
    while (true) {
      try {
        manager = ham.status().ham().pid();
        return;
      } catch (HamException e) {
        if (!launcher.isAlive() || System.nanoTime() > end) {
          throw new DemoFailure("the node does not answer; it said:\n" + output());
        }
      }
    }
  }

  String name() {
    return name;
  }

  Path directory() {
    return directory;
  }

  Ham ham() {
    return ham;
  }

  String address() {
    return ham.addresses().getFirst();
  }

  long launcherPid() {
    return launcher.pid();
  }

  long managerPid() {
    return manager;
  }

  /** Ends the node and its entities, and removes what they left; answers what is still running. */
  List<Long> end() throws InterruptedException {
    List<Long> all = new ArrayList<>(List.of(launcher.pid(), manager));
    try {
      Status status = ham.status();
      all.add(status.ham().pid());
      if (status.guardian() != null) {
        all.add(status.guardian().pid());
      }
      for (TreeObject object : ham.read("", 1).objects()) {
        if (object.pid() > 0) {
          all.add(object.pid());
        }
      }
      ham.stopWithEntities(Duration.ofSeconds(1));
    } catch (HamException e) {
      // It may be down already; what is left of it is looked for below.
    }
    ham.close();
    launcher.waitFor(STOP_SECONDS, TimeUnit.SECONDS);
    List<Long> left = new ArrayList<>();
    for (long pid : new TreeSet<>(all)) {
      if (!Outside.ends(pid, LEAVING)) {
        left.add(pid);
        Outside.signal("KILL", pid);
      }
    }
    remove(directory);
    remove(memory());
    return left;
  }

  String output() {
    try {
      return Files.readString(directory.resolve("node.out"));
    } catch (IOException e) {
      return "";
    }
  }

  private Path memory() {
    Map<String, String> options =
        Map.of("node", name, "state", directory.resolve("state").toString());
    try {
      return NodeConfig.of(options, directory, System.getenv()).places().memory();
    } catch (ConfigException e) {
      throw new DemoFailure(e.getMessage());
    }
  }

  private static void remove(Path directory) {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new DemoFailure("cannot remove " + directory + ": " + e.getMessage());
    }
  }
}
