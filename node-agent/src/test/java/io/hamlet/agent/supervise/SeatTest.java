package io.hamlet.agent.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One for each program, and the next one finds what the last one left. */
@Timeout(60)
class SeatTest {
  @TempDir Path directory;

  @Test
  void aSeatIsForOneAndThePathsAreForAllWhoFollow() throws Exception {
    Path place = directory.resolve("supervise");
    Path socket;
    try (Seat seat = Seat.take(place, "node a\nweb")) {
      socket = seat.socket();
      assertThatThrownBy(() -> Seat.take(place, "node a\nweb"))
          .isInstanceOf(Seat.Taken.class)
          .hasMessageContaining("process " + ProcessHandle.current().pid());
      try (Seat other = Seat.take(place, "node b\nweb")) {
        assertThat(other.socket()).isNotEqualTo(socket);
      }
    }
    try (Seat next = Seat.take(place, "node a\nweb")) {
      assertThat(next.socket()).isEqualTo(socket);
      assertThat(next.output()).isNotEqualTo(socket);
    }
  }

  /** A lock of a process, not of a file that says so. */
  @Test
  void whoIsKilledLeavesItsSeat() throws Exception {
    Process holder =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      assertThat(holder.inputReader().readLine()).isEqualTo("sits");
      assertThatThrownBy(() -> Seat.take(directory, "web")).isInstanceOf(Seat.Taken.class);
    } finally {
      holder.destroyForcibly();
    }
    assertThat(holder.waitFor(30, TimeUnit.SECONDS)).isTrue();
    Seat.take(directory, "web").close();
    assertThat(Files.list(directory).toList()).hasSize(1);
  }

  /** Sits until it is killed. */
  static final class Holder {
    private Holder() {}

    public static void main(String[] arguments) throws Exception {
      Seat seat = Seat.take(Path.of(arguments[0]), "web");
      System.out.println("sits");
      System.in.read();
      seat.close();
    }
  }
}
