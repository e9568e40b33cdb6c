package io.hamlet.it.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hamlet.client.Ham;
import io.hamlet.client.HamException;
import io.hamlet.client.Heartbeat;
import io.hamlet.core.model.Name;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A process that attaches itself again and again beats in one place. */
class AttachAgainTest {
  private static final Heartbeat CONTRACT = new Heartbeat(Duration.ofSeconds(1), 0, 5);

  /** More often than the table of the bench has slots. */
  private static final int OFTEN = 40;

  private Bench bench;
  private Ham ham;

  @BeforeEach
  void start() throws Exception {
    bench = new Bench();
    ham = bench.connect().withTimeout(Duration.ofSeconds(30));
  }

  @AfterEach
  void stop() throws Exception {
    ham.close();
    bench.close();
  }

  /** Found in review: each took a slot more, which was kept until the process ended. */
  @Test
  void itKeepsItsSlot() throws Exception {
    ham.attachSelf("me", CONTRACT).close();
    var first = heartbeat();
    for (int i = 0; i < OFTEN; i++) {
      ham.attachSelf("me", CONTRACT).close();
    }
    assertThat(heartbeat().slot()).isEqualTo(first.slot());
    assertThat(heartbeat().generation()).isEqualTo(first.generation());
  }

  @Test
  void aRefusalTakesNothingFromIt() throws Exception {
    ham.attachSelf("me", CONTRACT).close();
    for (int i = 0; i < OFTEN; i++) {
      assertThatThrownBy(() -> ham.attachSelf("other", CONTRACT))
          .isInstanceOf(HamException.Refused.class);
    }
    var kept = heartbeat();
    assertThat(bench.beats.counter(kept.slot(), kept.generation())).isNotNegative();
  }

  private io.hamlet.core.model.Heartbeat heartbeat() {
    return bench.brain.state().entity(new Name("me")).heartbeat();
  }
}
