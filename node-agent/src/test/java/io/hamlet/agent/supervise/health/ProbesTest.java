package io.hamlet.agent.supervise.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.hamlet.agent.os.ffm.FfmKernel;
import io.hamlet.agent.script.run.GroupRun;
import io.hamlet.agent.supervise.health.Finding.Verdict;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each kind of probe at the well, the sick, the silent and the hostile. */
@Timeout(120)
class ProbesTest {
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Map<String, String> ENVIRONMENT = Map.of("PATH", GroupRun.PATH);

  @TempDir Path directory;
  private final GroupRun runs = new GroupRun(new FfmKernel());

  private Probe probe(String text) {
    return Probe.of(Health.parse(text), runs, ENVIRONMENT, directory);
  }

  private Verdict look(String text, Duration limit) throws Exception {
    return probe(text).look(limit).verdict();
  }

  @Test
  void execFollowsTheExitCodesOfChecks() throws Exception {
    assertThat(look("exec:/bin/sh -c 'exit 0'", LONG)).isEqualTo(Verdict.WELL);
    Finding degraded = probe("exec:/bin/sh -c 'echo slow; exit 1'").look(LONG);
    assertThat(degraded).isEqualTo(new Finding(Verdict.WELL, "exit 1: slow"));
    Finding sick = probe("exec:/bin/sh -c 'echo no space; echo more; exit 2'").look(LONG);
    assertThat(sick).isEqualTo(new Finding(Verdict.SICK, "exit 2: no space"));
    for (String unknown : List.of("exit 3", "exit 77", "exit 126", "kill -9 $$")) {
      assertThat(look("exec:/bin/sh -c '" + unknown + "'", LONG)).isEqualTo(Verdict.UNKNOWN);
    }
    assertThat(look("exec:/nowhere/there", LONG)).isEqualTo(Verdict.UNKNOWN);
  }

  @Test
  void execThatHangsIsSickAndEndedWithItsChildren() throws Exception {
    Path file = directory.resolve("child");
    String script = "exec:/bin/sh -c 'sleep 600 & echo $! > " + file + "; wait'";
    assertThat(look(script, SHORT)).isEqualTo(Verdict.SICK);
    long child = Long.parseLong(Files.readString(file).strip());
    await().atMost(LONG).until(() -> isGone(child));
  }

  @Test
  void execIsNeverGivenToAShell() throws Exception {
    Path file = directory.resolve("made");
    look("exec:/bin/echo x > " + file + " ; touch " + file, LONG);
    assertThat(file).doesNotExist();
  }

  @Test
  void aProberThatIsClosedEndsWhatItRuns() throws Exception {
    Path file = directory.resolve("pid");
    Health health = Health.parse("exec:/bin/sh -c 'echo $$ > " + file + "; sleep 600'");
    Prober prober =
        Prober.start(health, LONG.multipliedBy(20), runs, ENVIRONMENT, directory, finding -> {});
    await().atMost(LONG).until(() -> Files.exists(file) && Files.size(file) > 0);
    prober.close();
    await().atMost(LONG).until(() -> isGone(Long.parseLong(Files.readString(file).strip())));
  }

  @Test
  void tcpWantsSomebodyWhoAccepts() throws Exception {
    int port;
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = server.getLocalPort();
      assertThat(look("tcp:127.0.0.1:" + port, LONG)).isEqualTo(Verdict.WELL);
    }
    assertThat(look("tcp:127.0.0.1:" + port, LONG)).isEqualTo(Verdict.SICK);
    assertThat(look("tcp:no-such-host.invalid:80", LONG)).isEqualTo(Verdict.UNKNOWN);
  }

  @Test
  void tcpWithAFullQueueIsSickWithinTheLimit() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket first = new Socket();
        Socket second = new Socket()) {
      // Two fit into a queue of one; nobody accepts them.
      first.connect(server.getLocalSocketAddress(), 5_000);
      second.connect(server.getLocalSocketAddress(), 5_000);
      assertThat(look("tcp:127.0.0.1:" + server.getLocalPort(), SHORT)).isEqualTo(Verdict.SICK);
    }
  }

  @Test
  void httpGoesByTheStatus() throws Exception {
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 10);
    for (int status : List.of(200, 204, 302, 399, 400, 404, 500, 503)) {
      server.createContext(
          "/" + status,
          exchange -> {
            exchange.getResponseHeaders().add("Location", "/500");
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
          });
    }
    server.start();
    try {
      String base = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
      for (int status : List.of(200, 204, 302, 399)) {
        assertThat(look(base + status, LONG)).as("%s", status).isEqualTo(Verdict.WELL);
      }
      for (int status : List.of(400, 404, 500, 503)) {
        assertThat(look(base + status, LONG)).as("%s", status).isEqualTo(Verdict.SICK);
      }
    } finally {
      server.stop(0);
    }
    assertThat(look("http://no-such-host.invalid/", LONG)).isEqualTo(Verdict.UNKNOWN);
  }

  @Test
  void httpThatIsSilentOrDripsOrTalksNonsenseIsSickWithinTheLimit() throws Exception {
    for (String said : List.of("", "HTTP/1.1 200", "SSH-2.0-x\r\n\r\n")) {
      try (Server server = new Server(said)) {
        assertThat(look("http://127.0.0.1:" + server.port() + "/", SHORT))
            .as(said)
            .isEqualTo(Verdict.SICK);
      }
    }
  }

  @Test
  void httpWithABodyWithoutEndIsWell() throws Exception {
    try (Server server = new Server("HTTP/1.1 200 OK\r\n\r\nand more, and")) {
      assertThat(look("http://127.0.0.1:" + server.port() + "/", LONG)).isEqualTo(Verdict.WELL);
    }
  }

  /** Says something to whoever connects, and then nothing. */
  private static final class Server implements AutoCloseable {
    private final ServerSocket socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    private final LinkedBlockingQueue<Socket> open = new LinkedBlockingQueue<>();

    Server(String words) throws Exception {
      CompletableFuture.runAsync(
          () -> {
            try {
              while (true) {
                Socket client = socket.accept();
                open.add(client);
                OutputStream out = client.getOutputStream();
                out.write(words.getBytes(StandardCharsets.US_ASCII));
                out.flush();
              }
            } catch (IOException e) {
              // Closed.
            }
          });
    }

    int port() {
      return socket.getLocalPort();
    }

    @Override
    public void close() throws IOException {
      socket.close();
      for (Socket client : open) {
        client.close();
      }
    }
  }

  @Test
  void fileIsWellEachTimeItsTimeGoesOn() throws Exception {
    Path file = directory.resolve("alive");
    Probe probe = probe("file:alive");
    assertThat(probe.look(SHORT).verdict()).isEqualTo(Verdict.SICK);
    Files.writeString(file, "x");
    assertThat(probe.look(LONG).verdict()).isEqualTo(Verdict.WELL);
    assertThat(probe.look(SHORT).verdict()).isEqualTo(Verdict.SICK);
    FileTime time = Files.getLastModifiedTime(file);
    Files.setLastModifiedTime(file, FileTime.fromMillis(time.toMillis() - 60_000));
    assertThat(probe.look(SHORT).verdict()).as("set back").isEqualTo(Verdict.SICK);
    Files.setLastModifiedTime(file, FileTime.fromMillis(time.toMillis() + 60_000));
    assertThat(probe.look(LONG).verdict()).isEqualTo(Verdict.WELL);
    assertThat(
            Probe.of(Health.parse("file:/no/such/place"), runs, ENVIRONMENT, directory)
                .look(SHORT)
                .verdict())
        .isEqualTo(Verdict.SICK);
  }

  @Test
  void aFileThatChangesIsSeenAtOnce() throws Exception {
    Path file = Files.writeString(directory.resolve("alive"), "x");
    Probe probe = probe("file:alive");
    CompletableFuture<Finding> look =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return probe.look(Duration.ofHours(1));
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    // Whenever the look begins, one of these comes after it.
    await()
        .atMost(LONG)
        .until(
            () -> {
              FileTime time = Files.getLastModifiedTime(file);
              Files.setLastModifiedTime(file, FileTime.fromMillis(time.toMillis() + 1_000));
              return look.isDone();
            });
    assertThat(look.get(1, TimeUnit.SECONDS).verdict()).isEqualTo(Verdict.WELL);
  }

  private static boolean isGone(long pid) {
    try {
      String text = Files.readString(Path.of("/proc/" + pid + "/stat"));
      return "ZX".indexOf(text.charAt(text.lastIndexOf(')') + 2)) >= 0;
    } catch (IOException e) {
      return true;
    }
  }
}
