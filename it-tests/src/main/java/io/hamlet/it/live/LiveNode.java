package io.hamlet.it.live;

import io.hamlet.client.Ham;
import io.hamlet.client.Status;
import io.hamlet.client.TreeObject;
import io.hamlet.manager.disk.Trees;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One node, started as a user starts it: {@code deploy/bin/ham run}. Not thread-safe.
 *
 * <p>Everything lies below one directory of the test; only processes that this object started, or
 * that its node tells of, are ever ended.
 */
public final class LiveNode implements AutoCloseable {
  private final Path directory;
  private final String name;
  private final List<String> options;
  private final Map<String, String> environment;
  private final List<String> before;
  private Process launcher;
  private Ham ham;
  private Path memory;

  private LiveNode(
      Path directory,
      String name,
      Map<String, String> environment,
      List<String> before,
      List<String> options) {
    this.directory = directory;
    this.name = name;
    this.environment = environment;
    this.before = before;
    this.options = new ArrayList<>(options);
  }

  /** Starts a node and waits until it answers. */
  public static LiveNode start(Path directory, String name, String... options) {
    return start(directory, name, Map.of(), options);
  }

  /** The same with more in the environment of its launcher. */
  public static LiveNode start(
      Path directory, String name, Map<String, String> environment, String... options) {
    LiveNode node = new LiveNode(directory, name, environment, List.of(), List.of(options));
    node.launch();
    return node;
  }

  /** A node that is not started yet. */
  public static LiveNode prepare(Path directory, String name, String... options) {
    return prepare(directory, name, List.of(), options);
  }

  /** The same behind words such as {@link Hosts#enter}, which must become the node by exec. */
  public static LiveNode prepare(
      Path directory, String name, List<String> before, String... options) {
    return new LiveNode(directory, name, Map.of(), before, List.of(options));
  }

  /** The program a user calls. */
  public static Path program() {
    Path at = Path.of("").toAbsolutePath();
    while (at != null && !Files.exists(at.resolve("deploy/bin/ham"))) {
      at = at.getParent();
    }
    if (at == null) {
      throw new IllegalStateException("deploy/bin/ham is not above the working directory");
    }
    return at.resolve("deploy/bin/ham");
  }

  /** Starts it again on the same state, after a kill or a stop, and waits until it answers. */
  public void launch() {
    begin();
    awaitAnswer();
  }

  /** From its next start on it is told this of an option that it was told something of before. */
  public void tell(String option, String value) {
    options.set(options.indexOf(option) + 1, value);
  }

  /** Starts it and waits for nothing. */
  public void begin() {
    if (launcher != null && launcher.isAlive()) {
      throw new IllegalStateException("the node runs already");
    }
    List<String> command = new ArrayList<>(before);
    command.add(program().toString());
    command.add("run");
    command.addAll(List.of("--node", name, "--state", state().toString()));
    command.addAll(List.of("--socket", socket().toString()));
    if (!options.contains("--listen")) {
      command.addAll(List.of("--listen", "127.0.0.1:0"));
    }
    command.addAll(options);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(output().toFile()));
    builder.redirectInput(new File("/dev/null"));
    try {
      Files.createDirectories(directory);
      launcher = builder.start();
    } catch (IOException e) {
      throw new IllegalStateException("could not start " + command, e);
    }
    if (ham == null) {
      ham = Ham.connect(address());
    }
  }

  /** Waits until a node that was begun answers. */
  public void awaitAnswer() {
    Until.isTrue(
        "node " + name + " answers; its output is in " + output(),
        Duration.ofSeconds(60),
        () -> ham.withTimeout(Duration.ofSeconds(1)).status().ham().pid() > 0);
    if (memory == null) {
      memory = Until.given("its live log is mapped", this::mapped);
    }
  }

  /** By pids as they are here, which may be others than the node knows of. */
  private Path mapped() throws IOException {
    for (long pid : managers()) {
      Path found = Proc.mapped(pid, "log");
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  public Ham ham() {
    return ham;
  }

  public String name() {
    return name;
  }

  public Path state() {
    return directory.resolve("state");
  }

  public Path socket() {
    return directory.resolve("ham.sock");
  }

  public String address() {
    return "unix:" + socket();
  }

  /** Where its live log and its liveness table are, in memory; known once it has answered. */
  public Path memory() {
    return memory;
  }

  /** What launcher and managers print. */
  public Path output() {
    return directory.resolve("node.out");
  }

  public long launcherPid() {
    return launcher.pid();
  }

  public long hamPid() throws InterruptedException {
    return ham.status().ham().pid();
  }

  /** Of the Guardian that stands guard; 0 while there is none, or one that is warming. */
  public long guardianPid() throws InterruptedException {
    Status status = ham.status();
    return status.guardian() != null && status.guardian().state().isEmpty()
        ? status.guardian().pid()
        : 0;
  }

  /** Waits until a Guardian stands guard; its pid. */
  public long awaitGuard() {
    return Until.given(
        "a Guardian of " + name + " stands guard",
        () -> {
          long guardian = guardianPid();
          return guardian == 0 ? null : guardian;
        });
  }

  /** HAM and Guardian, as the HAM names them. */
  public List<Long> pair() throws InterruptedException {
    Status status = ham.status();
    return List.of(status.ham().pid(), status.guardian().pid());
  }

  /**
   * HAM and Guardian, in whatever state they are, as the kernel tells it. What they have just
   * forked looks like them: such a one may be an entity when a kill comes.
   */
  public List<Long> managers() {
    return Proc.all().filter(p -> isManager(p) && Proc.isAlive(p)).toList();
  }

  private boolean isManager(long pid) {
    return (Proc.commandLine(pid) + " ").contains(" --link " + state() + " ");
  }

  /** The object at a path, as the node tells it; null when there is none. */
  public TreeObject object(String path) throws InterruptedException {
    for (TreeObject o : ham.read("", -1).objects()) {
      if (o.path().equals(path)) {
        return o;
      }
    }
    return null;
  }

  /** The pid of an entity that is up, or 0. */
  public long pid(String entity) throws InterruptedException {
    TreeObject found = object(entity);
    return found == null ? 0 : found.pid();
  }

  /**
   * SIGKILL to launcher and managers at one instant, as near as it gets, in whatever state they
   * are; entities run on.
   */
  public void killEverything() {
    // A stopped launcher makes no more children.
    Proc.signal("STOP", launcher.pid());
    Until.isTrue(
        "the launcher has stopped",
        () -> !launcher.isAlive() || !"RSD".contains(Proc.state(launcher.pid())));
    List<Long> doomed = new ArrayList<>(managers());
    doomed.removeIf(p -> Proc.threads(p) == 1);
    Proc.children(launcher.pid()).stream().filter(p -> !doomed.contains(p)).forEach(doomed::add);
    doomed.add(launcher.pid());
    kill(doomed);
    killTheRest();
    Until.isTrue("the launcher is gone", () -> !launcher.isAlive());
  }

  /** One that was being made while its maker died takes over, and has to go as well. */
  private void killTheRest() {
    for (List<Long> left = managers(); !left.isEmpty(); left = managers()) {
      left.forEach(this::killStopped);
    }
  }

  /**
   * What a manager has just forked has its words until it becomes a gate, and may be an entity when
   * a kill comes; stopped, it becomes nothing more.
   */
  private void killStopped(long pid) {
    Proc.signal("STOP", pid);
    Until.isTrue(pid + " has stopped", () -> !Proc.isAlive(pid) || Proc.state(pid).equals("T"));
    if (isManager(pid)) {
      kill(List.of(pid));
    } else {
      Proc.signal("CONT", pid);
    }
  }

  /** One shell, one built-in: the kills are microseconds apart. */
  public void kill(List<Long> pids) {
    String words = String.join(" ", pids.stream().map(String::valueOf).toList());
    run(Map.of(), "/bin/sh", "-c", "kill -KILL " + words);
    for (long pid : pids) {
      Until.isTrue(pid + " is gone", () -> !Proc.isAlive(pid));
    }
  }

  /** Runs a program to its end and gives its exit status; its output goes to the node's output. */
  public int run(Map<String, String> environment, String... command) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(output().toFile()));
    try {
      Process process = builder.start();
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(List.of(command) + " did not end within 60 s");
      }
      return process.exitValue();
    } catch (IOException e) {
      throw new IllegalStateException("could not run " + List.of(command), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Waits for the launcher's end and gives its exit status. */
  public int awaitEnd() {
    Until.isTrue("the launcher ends", () -> !launcher.isAlive());
    return launcher.exitValue();
  }

  /** Ends the node and its entities, whatever state they are in. */
  @Override
  public void close() {
    close(this::awaitEnd);
  }

  /** The same, but for its goodbye to others: it is killed as soon as its entities have ended. */
  void closeWithoutGoodbye() {
    close(
        () -> {
          Until.isTrue("its entities end", () -> !launcher.isAlive() || running().isEmpty());
          killEverything();
        });
  }

  private void close(Runnable end) {
    if (launcher == null) {
      return;
    }
    List<Long> entities = new ArrayList<>();
    try {
      entities.addAll(running());
      ham.withTimeout(Duration.ofSeconds(20)).stopWithEntities(Duration.ofSeconds(1));
      end.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | AssertionError e) {
      // Whatever is wrong with it is the test's to tell; here it only has to go.
    } finally {
      ham.close();
      launcher.destroyForcibly();
      killTheRest();
      entities.forEach(pid -> Proc.signal("KILL", pid));
      removeMemory(memory);
    }
  }

  /** Its entities that are up, by pid. */
  private List<Long> running() throws InterruptedException {
    return ham.withTimeout(Duration.ofSeconds(5)).read("", 1).objects().stream()
        .filter(o -> o.kind() == TreeObject.Kind.ENTITY && o.pid() > 0)
        .map(TreeObject::pid)
        .toList();
  }

  /** Nobody else would before the next boot; null: nothing. */
  static void removeMemory(Path memory) {
    if (memory == null) {
      return;
    }
    try {
      Trees.remove(memory);
    } catch (IOException e) {
      System.err.println("cannot remove " + memory + ": " + e);
    }
  }
}
