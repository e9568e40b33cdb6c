package io.hamlet.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.client.HamException;
import io.hamlet.client.HamException.Reason;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The table that scripts rely on (cli.md 1). */
class ExitCodeTest {
  @Test
  void numbersAreThese() {
    assertThat(Arrays.stream(ExitCode.values()).map(ExitCode::status))
        .containsExactly(0, 1, 2, 64, 69, 73, 75, 77, 78);
  }

  @Test
  void everyRefusalHasItsCode() {
    Map<Reason, ExitCode> expected = new EnumMap<>(Reason.class);
    for (Reason reason : Reason.values()) {
      expected.put(reason, ExitCode.REFUSED);
    }
    expected.put(Reason.NOT_PERMITTED, ExitCode.NOT_PERMITTED);
    expected.put(Reason.UNAVAILABLE, ExitCode.TRY_AGAIN);
    expected.put(Reason.TIMED_OUT, ExitCode.TRY_AGAIN);
    Map<Reason, ExitCode> actual = new EnumMap<>(Reason.class);
    for (Reason reason : Reason.values()) {
      actual.put(reason, ExitCode.of(new HamException.Refused(reason, "EINVAL", "", "no", null)));
    }
    assertThat(actual).isEqualTo(expected);
  }

  @Test
  void everyOtherFailureHasItsCode() {
    assertThat(ExitCode.of(new HamException.Unavailable("", null))).isEqualTo(ExitCode.UNREACHABLE);
    assertThat(ExitCode.of(new HamException.OutcomeUnknown("", null))).isEqualTo(ExitCode.NO);
    assertThat(ExitCode.of(new HamException.Broken("", null))).isEqualTo(ExitCode.REFUSED);
    assertThat(HamException.class.getPermittedSubclasses()).hasSize(4);
  }
}
