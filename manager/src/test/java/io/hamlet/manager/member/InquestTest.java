package io.hamlet.manager.member;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.model.EntryId;
import io.hamlet.manager.member.Inquest.Verdict;
import io.hamlet.manager.wire.InquiryCodec.Body.Finding;
import java.util.List;
import org.junit.jupiter.api.Test;

class InquestTest {
  private static final Finding SILENT = new Finding(true, EntryId.NONE, null, 0);
  private static final Finding HEARD = new Finding(false, EntryId.NONE, null, 0);

  @Test
  void nobodyWaitsForWhatTheNodeItselfWouldSay() {
    Inquest inquest = new Inquest("c", List.of("a", "b", "c"), 1, 0);
    inquest.found("a", SILENT);
    assertThat(inquest.verdict(1)).isEqualTo(Verdict.OPEN);
    inquest.found("b", SILENT);
    assertThat(inquest.verdict(1)).isEqualTo(Verdict.LOST);
  }

  @Test
  void whenTheLastWitnessHearsItTheRoundIsOver() {
    Inquest inquest = new Inquest("c", List.of("a", "b", "c"), 1, 0);
    inquest.found("a", SILENT);
    inquest.found("b", HEARD);
    assertThat(inquest.verdict(1)).isEqualTo(Verdict.NOT_LOST);
  }

  @Test
  void theRestIsWaitedForShortly() {
    Inquest inquest = new Inquest("d", List.of("a", "b", "c"), 1, 0);
    inquest.found("a", SILENT);
    inquest.found("b", SILENT);
    assertThat(inquest.verdict(1)).isEqualTo(Verdict.OPEN);
    assertThat(inquest.verdict(Inquest.FOR_THE_REST)).isEqualTo(Verdict.LOST);
  }

  @Test
  void aMajorityIsOneOfAllVoters() {
    Inquest inquest = new Inquest("b", List.of("a", "b"), 1, 0);
    inquest.found("a", SILENT);
    assertThat(inquest.verdict(Inquest.FOR_THE_REST)).isEqualTo(Verdict.NOT_LOST);
  }
}
