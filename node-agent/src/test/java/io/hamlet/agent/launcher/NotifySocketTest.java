package io.hamlet.agent.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.hamlet.agent.os.Errno;
import io.hamlet.agent.os.ffm.FfmKernel;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The words of sd_notify(3) at a real datagram socket; Java has none of its own, Python has. */
@Timeout(60)
class NotifySocketTest {
  private static final String LISTENER =
      """
      import socket, sys
      s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
      s.bind(sys.argv[1].replace('@', '\\0', 1))
      print('bound', flush=True)
      if len(sys.argv) > 2:
          sys.stdin.read()
      while True:
          print(s.recv(4096).decode().replace('\\n', '|'), flush=True)
      """;

  @TempDir Path directory;
  private final FfmKernel kernel = new FfmKernel();
  private final List<Process> listeners = new ArrayList<>();

  @AfterEach
  void endListeners() {
    listeners.forEach(Process::destroyForcibly);
  }

  @Test
  void tellsASocketThatIsAFile() throws IOException {
    String address = directory.resolve("notify").toString();
    BufferedReader heard = listen(address);
    NotifySocket socket = at(address);
    socket.ready("node a\nruns");
    socket.stopping("it ends");
    assertThat(heard.readLine()).isEqualTo("READY=1|STATUS=node a runs|");
    assertThat(heard.readLine()).isEqualTo("STOPPING=1|STATUS=it ends|");
  }

  @Test
  void tellsAnAbstractSocket() throws IOException {
    String address = "@hamlet-test/" + directory.getFileName();
    BufferedReader heard = listen(address);
    at(address).ready("ok");
    assertThat(heard.readLine()).isEqualTo("READY=1|STATUS=ok|");
  }

  @Test
  void aStatusOfAnyLengthFits() throws IOException {
    String address = directory.resolve("notify").toString();
    BufferedReader heard = listen(address);
    at(address).ready("\u20ac".repeat(100_000));
    assertThat(heard.readLine()).startsWith("READY=1|STATUS=\u20ac").hasSizeLessThan(2_000);
  }

  @Test
  void nobodyThereIsNoReasonToFail() {
    at(directory.resolve("none").toString()).ready("ok");
    at("@").ready("ok");
    at("vsock:2:1234").ready("ok");
    at("/" + "long/".repeat(100)).ready("ok");
    NotifySocket.of(kernel, Map.of()).ready("ok");
    NotifySocket.NONE.stopping("ok");
  }

  @Test
  void aListenerThatDoesNotReadIsNotWaitedForWithoutEnd() throws IOException {
    String address = directory.resolve("notify").toString();
    listen(address, "deaf");
    byte[] message = new byte[1];
    long sent = 1;
    for (int i = 0; i < 100_000 && sent == 1; i++) {
      sent = kernel.sendLocal(address, false, message, 1_000_000);
    }
    assertThat(sent).isEqualTo(-Errno.EAGAIN);
  }

  private NotifySocket at(String address) {
    return NotifySocket.of(kernel, Map.of("NOTIFY_SOCKET", address));
  }

  private BufferedReader listen(String... words) throws IOException {
    assumeThat(Files.isExecutable(Path.of("/usr/bin/python3"))).as("needs python3").isTrue();
    List<String> command = new ArrayList<>(List.of("/usr/bin/python3", "-c", LISTENER));
    command.addAll(List.of(words));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    listeners.add(process);
    BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
    assertThat(said.readLine()).isEqualTo("bound");
    return said;
  }
}
