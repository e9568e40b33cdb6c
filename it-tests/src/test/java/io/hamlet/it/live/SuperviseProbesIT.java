package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.client.Sam;
import io.hamlet.client.SamProgram;
import io.hamlet.it.TestAbreast;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that say nothing are looked at from outside, and programs nobody here wrote. */
class SuperviseProbesIT extends LiveTest {
  /** Serves HTTP on a port and touches a file, until a file "sick" is there. */
  private static final String PROGRAM =
      """
      import http.server, os, sys, threading, time
      class Handler(http.server.BaseHTTPRequestHandler):
          def do_GET(self):
              self.send_response(503 if os.path.exists('sick') else 200)
              self.end_headers()
          def log_message(self, *_):
              pass
      server = None
      while True:
          if os.path.exists('sick') and server and sys.argv[2] == 'close':
              server.shutdown()
              server.server_close()
              server = None
          elif server is None and not os.path.exists('sick'):
              server = http.server.ThreadingHTTPServer(('127.0.0.1', int(sys.argv[1])), Handler)
              threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
          if not os.path.exists('sick'):
              open('alive', 'w').close()
          time.sleep(0.05)
      """;

  private Path work() throws IOException {
    return Files.createDirectories(directory.resolve("work"));
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @ValueSource(
      strings = {
        "exec:sh -c '! test -e sick || exit 2'",
        "tcp:127.0.0.1:PORT",
        "http://127.0.0.1:PORT/up",
        "file:alive"
      })
  void whoFailsItsProbeIsWarnedAndStartedAgain(String health) throws Exception {
    Path script = Files.writeString(work().resolve("program.py"), PROGRAM);
    String port = String.valueOf(Programs.freePort());
    String python = Needs.program("python3").toString();
    String[] words = {
      "--name=n",
      "--health=" + health.replace("PORT", port),
      "--interval=2s",
      "--start=ready",
      "--",
      python,
      script.toString(),
      port,
      health.startsWith("tcp") ? "close" : "serve"
    };
    try (Supervised each = Supervised.start(work(), node, words)) {
      long first = each.pid(1);
      each.awaitTold("supervision begins");
      Path sick = Files.writeString(work().resolve("sick"), "x");

      // That it is warned is a state between two others, and may not be seen at all.
      each.awaitTold("instance 1 ended: signal 15 (silent)");

      Files.delete(sick);
      assertThat(each.told()).contains("health: SICK");
      assertThat(each.pid(2)).isNotEqualTo(first);
      assertThat(Proc.isAlive(first)).isFalse();
      Until.isTrue(
          "it is started", () -> Sam.named(node.ham(), "n").look().state().equals("started"));
      each.signal("TERM");
      assertThat(each.exit()).as(each.told()).isEqualTo(143);
    }
  }

  /** A probe that cannot look must never end a program. */
  @TestAbreast
  void aProbeThatIsBrokenEndsNobody() throws Exception {
    try (Supervised each =
        Supervised.start(
            work(),
            node,
            "--name=n",
            "--publish",
            "--health=exec:sh -c 'echo who; exit 77'",
            // Not so short that a busy machine makes it silent.
            "--interval=6s",
            "--",
            "/bin/sleep",
            "600")) {
      long pid = each.pid(1);
      each.awaitTold("health: UNKNOWN exit 77: who");
      String before = lastUpdate();
      // Longer than a warning and a kill together would take.
      Until.isTrue("it is vouched for again and again", () -> beats(before) > 9);
      assertThat(Sam.named(node.ham(), "n").look().pid()).isEqualTo(pid);
      assertThat(each.told()).doesNotContain("warned");
    }
  }

  private int beats;
  private String seen = "";

  private int beats(String before) throws Exception {
    String now = lastUpdate();
    if (!now.equals(seen) && !now.equals(before)) {
      beats++;
      seen = now;
    }
    return beats;
  }

  private String lastUpdate() throws Exception {
    return Sam.named(node.ham(), "n").look().keys().toString();
  }

  @TestAbreast
  void postgresqlSpeaksForItself() throws Exception {
    String[] words = postgres();
    try (Supervised each = Supervised.start(work(), node, words)) {
      long first = each.pid(1);
      awaitStarted("db", first);
      assertThat(each.told()).contains("supervision begins");

      Proc.signal("KILL", first);

      long second = each.pid(2);
      awaitStarted("db", second);
      each.signal("TERM");
      assertThat(each.exit()).as(each.told()).isZero();
      assertThat(each.printed()).contains("database system is shut down");
      assertThat(Proc.isAlive(second)).isFalse();
    }
  }

  private void awaitStarted(String name, long pid) {
    Until.isTrue(
        name + " has said that it is ready",
        () -> {
          SamProgram known = Sam.named(node.ham(), name).look();
          return known.pid() == pid && known.state().equals("started");
        });
  }

  /** A database of its own, and how to supervise its server: it refuses to be root. */
  private String[] postgres() throws Exception {
    Needs.root();
    Path initdb = Needs.postgres("initdb");
    String setpriv = Needs.program("setpriv").toString();
    String user = node.run(Map.of(), "id", "postgres") == 0 ? "postgres" : "nobody";
    String data = directory.resolve("data").toString();
    node.run(Map.of(), "install", "-d", "-m", "700", "-o", user, data);
    List<String> as = List.of(setpriv, "--reuid", user, "--regid", user, "--clear-groups");
    List<String> init = new ArrayList<>(as);
    init.addAll(List.of(initdb.toString(), "-D", data, "-N", "-A", "trust"));
    assertThat(node.run(Map.of("PWD", "/"), init.toArray(String[]::new))).isZero();
    List<String> words = new ArrayList<>(List.of("--name=db", "--health=notify", "--"));
    words.addAll(as);
    words.addAll(List.of(initdb.resolveSibling("postgres").toString(), "-D", data));
    words.addAll(List.of("-p", "" + Programs.freePort(), "-h", "127.0.0.1", "-k", data));
    return words.toArray(String[]::new);
  }
}
