package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.agent.basic.BasicClient;
import io.hamlet.agent.basic.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A home of the basic HA daemon, as a user makes one, and the daemon in it. Not thread-safe. */
final class BasicHome implements AutoCloseable {
  private final Path directory;
  private final Path program;
  private final List<String> options = new ArrayList<>();
  private Path memory;
  private long pid;

  BasicHome(Path directory, String node) {
    this(directory, LiveNode.program());
    options.add("--node=" + node);
  }

  BasicHome(Path directory, Path program) {
    this.directory = directory;
    this.program = program;
  }

  BasicHome options(String... more) {
    options.clear();
    options.addAll(List.of(more));
    return this;
  }

  Path path(String name) {
    return directory.resolve(name);
  }

  BasicHome file(String name, String text) throws IOException {
    Files.createDirectories(path(name).getParent());
    // A new file under the old name, as editors do: a script may be running.
    Path fresh = path(name + ".new");
    Files.writeString(fresh, text);
    boolean isScript = name.startsWith("checks/") || name.startsWith("actions/");
    assertThat(fresh.toFile().setExecutable(isScript) || !isScript).isTrue();
    Files.move(fresh, path(name), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    return this;
  }

  BasicHome script(String name, String body) throws IOException {
    return file(name, "#!/bin/sh\n" + body + "\n");
  }

  BasicHome link(String name, Path target) throws IOException {
    Files.createDirectories(path(name).getParent());
    Files.createSymbolicLink(path(name), target);
    return this;
  }

  /** {@code ham basic} with these words. */
  Said basic(String... words) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("basic", "--home=" + directory));
    all.addAll(List.of(words));
    return ham(all);
  }

  Said ham(List<String> words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(words);
    return Said.run(command);
  }

  /** A command for the daemon's own node. */
  String node(String... words) throws IOException, InterruptedException {
    String server = "--server=unix:" + path("var/node/ham.sock");
    List<String> all = new ArrayList<>(List.of(server));
    all.addAll(List.of(words));
    return ham(all).is(0).text();
  }

  BasicHome start() throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(options);
    words.add("--background");
    basic(words.toArray(String[]::new)).is(0);
    pid = (Long) status().get("pid");
    Path socket = path("var/node/ham.sock");
    memory = Files.exists(socket) ? socket.toRealPath().getParent() : null;
    return this;
  }

  long pid() {
    return pid;
  }

  Map<String, Object> status() throws IOException {
    return BasicClient.read(ask("{\"get\":\"status\"}"));
  }

  String ask(String line) throws IOException {
    return BasicClient.ask(new Home(directory), line);
  }

  private List<Map<?, ?>> list(String name) throws IOException {
    List<Map<?, ?>> found = new ArrayList<>();
    for (Object each : (List<?>) status().get(name)) {
      found.add((Map<?, ?>) each);
    }
    return found;
  }

  /** The state of a host, as people see it; null for a host that is none. */
  Object state(String host) throws IOException {
    return list("hosts").stream()
        .filter(h -> h.get("host").equals(host))
        .map(h -> (Object) h.get("state"))
        .findFirst()
        .orElse(null);
  }

  /** A field of a check, by the name of its script. */
  Object check(String name, String field) throws IOException {
    return list("checks").stream()
        .filter(c -> String.valueOf(c.get("check")).startsWith(name + "@"))
        .map(c -> (Object) c.get(field))
        .findFirst()
        .orElse(null);
  }

  /** How often something of that kind was told, with that in its text. */
  long told(String event, String text) throws IOException {
    return list("events").stream()
        .filter(e -> e.get("event").equals(event))
        .filter(e -> String.valueOf(e.get("text")).contains(text))
        .count();
  }

  void awaitState(String host, String state) {
    Until.isTrue(host + " is " + state, () -> state.equals(state(host)));
  }

  void awaitTold(String event, String text) {
    Until.isTrue(
        "told: " + event + " " + text,
        () -> {
          if (told(event, text) == 0) {
            throw new AssertionError(pid + " told " + list("events"));
          }
          return true;
        });
  }

  /** SIGKILL to the daemon alone; its node lives on. */
  void kill() {
    Proc.signal("KILL", pid);
    Until.isTrue("the daemon is gone", () -> !Proc.isAlive(pid));
  }

  @Override
  public void close() throws IOException {
    try {
      end();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    LiveNode.removeMemory(memory);
  }

  private void end() throws IOException, InterruptedException {
    boolean stopped = pid != 0 && Proc.isAlive(pid) && basic("stop").status() == 0;
    if (!stopped && pid != 0) {
      Proc.signal("KILL", pid);
      Path socket = path("var/node/ham.sock");
      if (Files.exists(socket)) {
        ham(List.of("--server=unix:" + socket, "stop"));
      }
    }
    pid = 0;
  }
}
