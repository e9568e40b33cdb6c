package io.hamlet.agent.guardian;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a killed process that is not gone is as good as dead. */
class DoomTest {
  private static final String NO_SIGNAL = "0000000000000000";
  private static final String KILL = "0000000000000100";
  private static final long LIMIT = Doom.LIMIT_NANOS;

  @TempDir Path threads;
  private Doom doom;

  @BeforeEach
  void look() {
    doom = new Doom(threads);
  }

  @Test
  void oneThatWaitsInTheKernelWithAKillBeforeItIsDoomedAfterASecond() throws IOException {
    thread(1, "Z", 0, NO_SIGNAL);
    thread(2, "D", 0, KILL);
    thread(3, "R", 0x4, NO_SIGNAL);
    assertThat(doom.lasts(0)).isFalse();
    assertThat(doom.lasts(LIMIT - 1)).isFalse();
    assertThat(doom.lasts(LIMIT)).isTrue();
  }

  @Test
  void aThreadThatMayRunAgainBeginsTheSecondAnew() throws IOException {
    thread(1, "D", 0, KILL);
    assertThat(doom.lasts(0)).isFalse();
    thread(2, "R", 0, KILL);
    assertThat(doom.lasts(LIMIT)).isFalse();
    thread(2, "D", 0, KILL);
    assertThat(doom.lasts(2 * LIMIT)).isFalse();
    assertThat(doom.lasts(3 * LIMIT)).isTrue();
  }

  @Test
  void whoWaitsWithoutAKillComesBack() throws IOException {
    thread(1, "D", 0, KILL);
    thread(2, "D", 0, NO_SIGNAL);
    assertNeverDoomed();
  }

  @Test
  void whatCannotBeReadProvesNothing() throws IOException {
    assertNeverDoomed();
    Path one = thread(1, "D", 0, KILL);
    Files.writeString(one.resolve("status"), "Name:\tjava\n");
    assertNeverDoomed();
    Files.writeString(one.resolve("stat"), "");
    assertNeverDoomed();
    assertThat(new Doom(threads.resolve("none")).lasts(0)).isFalse();
  }

  @Test
  void aProcessThatRunsIsNotDoomed() {
    doom = Doom.of(ProcessHandle.current().pid());
    assertNeverDoomed();
  }

  private void assertNeverDoomed() {
    for (long now = 0; now < 5 * LIMIT; now += LIMIT) {
      assertThat(doom.lasts(now)).isFalse();
    }
  }

  private Path thread(int id, String state, long flags, String pending) throws IOException {
    Path at = Files.createDirectories(threads.resolve("" + id));
    Files.writeString(
        at.resolve("stat"), id + " (a (b) c) " + state + " 1 2 3 0 -1 " + flags + " 0 0\n");
    Files.writeString(at.resolve("status"), "Name:\tx\nSigPnd:\t" + pending + "\nShdPnd:\t0\n");
    return at;
  }
}
