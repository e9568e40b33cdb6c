package io.hamlet.manager.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A flood of strangers is one line a minute. */
class StrangersTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void theFirstIsToldAtOnceAndTheRestByTheMinute() {
    List<String> notices = new ArrayList<>();
    Strangers strangers = new Strangers(notices::add);
    for (int i = 0; i < 10_000; i++) {
      strangers.drop("why", "somebody", i * SECOND / 1_000);
    }
    assertThat(notices).hasSize(1);
    strangers.drop("last", "somebody else", 60 * SECOND);
    assertThat(strangers.dropped()).isEqualTo(10_001);
    assertThat(notices)
        .containsExactly(
            "ignored 1 datagrams on the cluster's port; the last came from somebody: why",
            "ignored 10000 datagrams on the cluster's port; the last came from somebody else:"
                + " last");
  }
}
