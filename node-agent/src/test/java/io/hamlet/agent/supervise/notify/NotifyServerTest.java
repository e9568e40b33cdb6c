package io.hamlet.agent.supervise.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.hamlet.agent.os.Kernel;
import io.hamlet.agent.os.Reactor;
import io.hamlet.agent.os.ffm.FfmKernel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real datagrams of real processes, and the kernel's word for who sent them. */
@Timeout(60)
class NotifyServerTest {
  private record Heard(long sender, List<Word> words) {}

  @TempDir Path directory;
  private final Kernel kernel = new FfmKernel();
  private final Reactor reactor = new Reactor(kernel);
  private final List<Heard> heard = new ArrayList<>();
  private Path path;
  private NotifyServer server;

  @BeforeEach
  void listen() throws Exception {
    path = directory.resolve("notify");
    // As a predecessor that was killed leaves it.
    Files.writeString(path, "old");
    server =
        new NotifyServer(kernel, reactor, path, (pid, words) -> heard.add(new Heard(pid, words)));
  }

  @AfterEach
  void close() {
    server.close();
    reactor.close();
    assertThat(path).doesNotExist();
  }

  private void awaitHeard(int count) {
    while (heard.size() < count) {
      reactor.await(kernel.bootNanos() + 1_000_000_000L);
    }
  }

  private Process start(String... command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    builder.environment().put("NOTIFY_SOCKET", path.toString());
    return builder.start();
  }

  private Process python(String script) throws Exception {
    assumeThat(Path.of("/usr/bin/python3")).exists();
    String head =
        "import socket, os, sys\ns = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)\n"
            + "s.connect(os.environ['NOTIFY_SOCKET'])\n";
    return start("/usr/bin/python3", "-c", head + script);
  }

  @Test
  void ourOwnWordsComeWithOurPid() {
    byte[] message = "READY=1\nSTATUS=here".getBytes(StandardCharsets.UTF_8);
    assertThat(kernel.sendLocal(path.toString(), false, message, 0)).isEqualTo(message.length);
    awaitHeard(1);
    assertThat(heard)
        .containsExactly(
            new Heard(
                ProcessHandle.current().pid(), List.of(new Word.Ready(), new Word.Status("here"))));
  }

  @Test
  void systemdsOwnProgramIsUnderstoodAndLetGo() throws Exception {
    assumeThat(Path.of("/usr/bin/systemd-notify")).exists();
    Process notify = start("/usr/bin/systemd-notify", "--ready", "--status=by the book");
    awaitHeard(1);
    assertThat(heard.getFirst().words())
        .containsExactly(new Word.Ready(), new Word.Status("by the book"));
    // It waits until the descriptor that it sent after the message is closed by us.
    while (notify.isAlive()) {
      reactor.await(kernel.bootNanos() + 10_000_000L);
    }
    assertThat(notify.exitValue()).isZero();
  }

  @Test
  void descriptorsThatAreSentAreClosedAndNeverOurs() throws Exception {
    String[] before = Path.of("/proc/self/fd").toFile().list();
    Process sender =
        python(
            """
            r, w = os.pipe()
            for i in range(50):
                socket.send_fds(s, [b'FDSTORE=1'], [w] * 20)
            os.close(w)
            os.read(r, 1)  # Returns when nobody else holds the other end.
            """);
    awaitHeard(50);
    assertThat(sender.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(sender.exitValue()).isZero();
    assertThat(Path.of("/proc/self/fd").toFile().list().length).isLessThan(before.length + 20);
    assertThat(heard.getFirst().words()).hasOnlyElementsOfType(Word.Refused.class);
  }

  @Test
  void hostileDatagramsAreFaultsAndTheNextOneIsHeard() throws Exception {
    python(
            """
            s.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
            s.send(b'')
            s.send(b'READY=1\\n' * 5000)
            s.send(bytes(range(256)))
            s.send(b'READY=1')
            """)
        .waitFor();
    awaitHeard(4);
    assertThat(heard.subList(0, 3))
        .allSatisfy(h -> assertThat(h.words()).hasOnlyElementsOfType(Word.Faulty.class));
    assertThat(heard.get(3).words()).containsExactly(new Word.Ready());
  }

  @Test
  void aSenderIsTheProgramOrItsDescendantOrNobody() throws Exception {
    Process program = start("/bin/sh", "-c", "setsid sleep 60 & sleep 60 & wait");
    try {
      await().until(() -> program.descendants().count() == 2);
      long child = program.descendants().findFirst().orElseThrow().pid();
      assertThat(Kin.isOf(program.pid(), program.pid())).isTrue();
      assertThat(Kin.isOf(program.pid(), child)).isTrue();
      assertThat(Kin.isOf(child, program.pid())).isFalse();
      assertThat(Kin.isOf(program.pid(), ProcessHandle.current().pid())).isFalse();
      assertThat(Kin.isOf(0, 1)).isFalse();
      assertThat(Kin.isOf(program.pid(), 0)).isFalse();
    } finally {
      program.descendants().forEach(ProcessHandle::destroyForcibly);
      program.destroyForcibly();
    }
  }

  @Test
  void anOrphanOfTheSessionIsOfTheProgram() throws Exception {
    Process program = start("/usr/bin/setsid", "/bin/sh", "-c", "(sleep 60 &) ; sleep 60");
    try {
      // The child of a subshell that has ended has another parent, and the same session.
      List<Long> sleepers = new ArrayList<>();
      while (sleepers.isEmpty()) {
        ProcessHandle.allProcesses()
            .filter(p -> session(p.pid()) == program.pid() && p.pid() != program.pid())
            .filter(p -> p.parent().map(ProcessHandle::pid).orElse(0L) != program.pid())
            .forEach(p -> sleepers.add(p.pid()));
      }
      assertThat(Kin.isOf(program.pid(), sleepers.getFirst())).isTrue();
    } finally {
      kernel.kill(-program.pid(), Kernel.SIGKILL);
      program.waitFor();
    }
  }

  private static long session(long pid) {
    try {
      String text = Files.readString(Path.of("/proc/" + pid + "/stat"));
      return Long.parseLong(text.substring(text.lastIndexOf(')') + 2).split(" ")[3]);
    } catch (java.io.IOException e) {
      return -1;
    }
  }
}
