package io.hamlet.manager.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.EntryId;
import io.hamlet.core.model.Moment;
import io.hamlet.core.recovery.Happening;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExplanationTest {
  private final List<Happening> known = new ArrayList<>();

  @Test
  void aRestartIsExplainedFromTheDeathOn() {
    say("web", "attach", "");
    say("web", "death", "signal 9");
    say("web/died/mail", "action-started", "death");
    say("web/died/mail", "action-done", "");
    say("web/died/again", "action-started", "death");
    say("web", "restart", "");
    say("web/died/again", "action-done", "");
    Explanation why = Explanation.of("web", known);
    assertThat(why.chain()).isEqualTo(known.subList(1, known.size()));
    assertThat(why.summary()).isEqualTo("web: death (signal 9), then restart.");
  }

  @Test
  void missedBeatsTheKillAndTheRestartAreOneStory() {
    say("web", "attach", "");
    say("web", "beat-missed-low", "5 misses");
    say("web", "beat-missed-high", "10 misses");
    say("web/hung/kill", "action-started", "beat-missed-high");
    say("web", "death", "signal 9");
    say("web", "restart", "");
    Explanation why = Explanation.of("web", known);
    assertThat(why.chain()).hasSize(5);
    assertThat(why.summary())
        .isEqualTo(
            "web: beat-missed-low (5 misses), then beat-missed-high (10 misses), then death"
                + " (signal 9), then restart.");
  }

  @Test
  void onlyTheLastChainCountsAndOthersAreLeftOut() {
    say("web", "death", "exit 1");
    say("web", "restart", "");
    say("webby", "death", "exit 2");
    say("web", "death", "exit 3");
    say("web", "given-up", "5 in 1m");
    Explanation why = Explanation.of("web", known);
    assertThat(why.chain()).extracting(Happening::reason).containsExactly("exit 3", "5 in 1m");
  }

  @Test
  void aFailedActionIsNamed() {
    say("web", "death", "exit 1");
    say("web/died/again", "action-failed", "");
    assertThat(Explanation.of("web", known).summary())
        .isEqualTo("web: death (exit 1), then action-failed of web/died/again.");
  }

  /** Of the node that runs it, and of the whole cluster; what others do is not its story. */
  @Test
  void whatPeopleDoToItsNodeBelongsToItsStory() {
    say("a", "", "maintenance-begun", "node:a by me");
    say("a", "web", "placed", "");
    say("b", "", "standby", "");
    say("a", "", "draining", "");
    say("a", "other", "relocated", "");
    say("a", "", "node-lost", "");
    say("", "", "maintenance-begun", "cluster by me");
    say("", "webby", "maintenance-begun", "entity:webby by me");
    say("b", "web", "relocated", "from a");
    say("a", "", "active", "");
    say("b", "", "maintenance-ended", "node:b by me");
    assertThat(Explanation.of("web", known).chain())
        .extracting(h -> h.node() + " " + h.path() + " " + h.event())
        .containsExactly(
            "a web placed",
            "a  draining",
            "  maintenance-begun",
            "b web relocated",
            "b  maintenance-ended");
  }

  @Test
  void nothingKnownIsSaid() {
    assertThat(Explanation.of("web", known).chain()).isEmpty();
    assertThat(Explanation.of("web", known).summary()).contains("Nothing").contains("web");
  }

  private void say(String path, String event, String reason) {
    say("", path, event, reason);
  }

  private void say(String node, String path, String event, String reason) {
    EffectId id = new EffectId(new EntryId(1, 1, known.size() + 1), 0);
    known.add(new Happening(id, Moment.ZERO, node, path, event, reason, ""));
  }
}
