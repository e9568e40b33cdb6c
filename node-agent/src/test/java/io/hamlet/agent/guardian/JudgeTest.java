package io.hamlet.agent.guardian;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One of the pair that hangs is killed once; one that then cannot die is given up. */
class JudgeTest {
  private static final long TICK = HangWatch.TICK_NANOS;
  private static final int TICKS_OF_DOOM = (int) (Doom.LIMIT_NANOS / TICK);

  @TempDir Path state;
  @TempDir Path threads;
  private long now;
  private int kills;
  private Judge judge;

  @BeforeEach
  void begin() {
    judge = new Judge("it", new HangWatch(state, now, 7), new Doom(threads), () -> kills++);
  }

  @AfterEach
  void end() {
    judge.close();
  }

  @Test
  void whoBeatsIsLeftAlone() throws IOException {
    thread("D");
    for (int i = 0; i < 100; i++) {
      assertThat(looks(i)).isFalse();
    }
    assertThat(kills).isZero();
  }

  @Test
  void whoHangsIsKilledOnceAndWaitedForWhileItMayRun() throws IOException {
    thread("R");
    for (int i = 0; i < 100; i++) {
      assertThat(looks(7)).isFalse();
    }
    assertThat(kills).isEqualTo(1);
  }

  @Test
  void whoWasKilledAndWaitsInTheKernelIsGivenUp() throws IOException {
    thread("D");
    while (kills == 0) {
      assertThat(looks(7)).isFalse();
    }
    for (int i = 0; i < TICKS_OF_DOOM; i++) {
      assertThat(looks(7)).isFalse();
    }
    assertThat(looks(7)).isTrue();
    assertThat(kills).isEqualTo(1);
  }

  private boolean looks(long beat) {
    now += TICK;
    return judge.looks(now, now, beat);
  }

  /** It has one, which has a SIGKILL before it. */
  private void thread(String letter) throws IOException {
    Path at = Files.createDirectories(threads.resolve("1"));
    Files.writeString(at.resolve("stat"), "1 (java) " + letter + " 1 2 3 0 -1 0 0 0\n");
    Files.writeString(at.resolve("status"), "SigPnd:\t0000000000000100\n");
  }
}
