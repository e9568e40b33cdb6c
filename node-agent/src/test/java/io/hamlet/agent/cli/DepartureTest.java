package io.hamlet.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.agent.os.BootId;
import io.hamlet.client.Status;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The end of managers, which are played by sleeping processes. */
class DepartureTest {
  private final Process ham = sleeper();
  private final Process guardian = sleeper();

  @AfterEach
  void end() {
    ham.destroyForcibly();
    guardian.destroyForcibly();
  }

  @Test
  void waitsUntilBothManagersHaveEnded() throws IOException {
    try (Departure departure = Departure.of(status(BootId.current()))) {
      assertThat(departure.await(Duration.ofMillis(20))).isFalse();
      guardian.destroyForcibly();
      assertThat(departure.await(Duration.ofMillis(20))).isFalse();
      ham.destroyForcibly();
      assertThat(departure.await(Duration.ofSeconds(30))).isTrue();
    }
  }

  @Test
  void oneThatIsGoneAlreadyIsNotWaitedFor() throws Exception {
    guardian.destroyForcibly().waitFor();
    ham.destroyForcibly().waitFor();
    try (Departure departure = Departure.of(status(BootId.current()))) {
      assertThat(departure.await(Duration.ZERO)).isTrue();
    }
  }

  @Test
  void pidsOfAnotherBootOrContainerMeanNothing() {
    assertThat(Departure.of(status("elsewhere/4026531836/12"))).isNull();
  }

  private Status status(String boot) {
    return new Status(
        "one",
        "1",
        "ham",
        boot,
        new Status.Manager(ham.pid(), Instant.EPOCH, 0, ""),
        new Status.Manager(guardian.pid(), Instant.EPOCH, 0, ""),
        1,
        0,
        0,
        0,
        "",
        1,
        1,
        List.of(),
        List.of(),
        false,
        0,
        null);
  }

  private static Process sleeper() {
    try {
      return new ProcessBuilder("/bin/sleep", "1000").start();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
