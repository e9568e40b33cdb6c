package io.hamlet.agent.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class OutsideTest {
  /** A manager that was still there in the instant after its launcher was taken for left behind. */
  @Test
  void whoEndsAMomentLaterHasEnded() throws Exception {
    Process brief = new ProcessBuilder("/bin/sleep", "0.3").start();
    assertThat(Outside.ends(brief.pid(), Duration.ofMinutes(1))).isTrue();
    assertThat(brief.waitFor()).isZero();
  }

  @Test
  void whoStaysRuns() throws Exception {
    Process lasting = new ProcessBuilder("/bin/sleep", "86400").start();
    try {
      assertThat(Outside.ends(lasting.pid(), Duration.ofMillis(50))).isFalse();
    } finally {
      lasting.destroyForcibly().waitFor();
    }
    assertThat(Outside.ends(lasting.pid(), Duration.ZERO)).isTrue();
  }
}
