package io.hamlet.agent.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What a machine must have and what it may lack. */
class KernelCheckTest {
  @Test
  void oldKernelIsRefusedWithTheReason() {
    assertThatThrownBy(() -> KernelCheck.notices("5.9.16-amd64", true, true))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("5.10");
    assertThatThrownBy(() -> KernelCheck.notices("4.18.0", true, true))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void newKernelWithEverythingGivesNoNotice() {
    assertThat(KernelCheck.notices("6.18.0", true, true)).isEmpty();
    assertThat(KernelCheck.notices("10.0", true, true)).isEmpty();
  }

  @Test
  void whatIsLackingIsSaid() {
    assertThat(KernelCheck.notices("5.10.0-30-amd64", false, false)).hasSize(3);
    assertThat(KernelCheck.notices("6.14.2", true, false)).anyMatch(n -> n.contains("6.15"));
    assertThat(KernelCheck.notices("6.15.0", true, false)).noneMatch(n -> n.contains("6.15"));
    assertThat(KernelCheck.notices("6.14.2", true, true)).isEmpty();
    assertThat(KernelCheck.notices("who knows", true, true)).hasSize(1);
  }

  @Test
  void bootIsNamedByThreeThings() throws IOException {
    assertThat(BootId.current()).matches("[0-9a-f-]{36}/[0-9]+/[0-9]+").isEqualTo(BootId.current());
  }
}
