package io.hamlet.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a store lets in, and what a program is told of itself. */
class OwnerTokenTest {
  @Test
  void whoIsOldIsNotLetInAnyMore() {
    OwnerToken store = new OwnerToken(0);
    assertThat(store.admits(7)).isTrue();
    assertThat(store.admits(7)).isTrue();
    assertThat(store.admits(9)).isTrue();
    assertThat(store.admits(7)).isFalse();
    assertThat(store.admits(8)).isFalse();
    assertThat(store.highest()).isEqualTo(9);
  }

  @Test
  void whatIsRememberedCounts() {
    assertThat(new OwnerToken(9).admits(8)).isFalse();
    assertThat(new OwnerToken(9).admits(9)).isTrue();
  }

  @Test
  void whatIsNoTokenIsNotLetIn() {
    OwnerToken store = new OwnerToken(0);
    assertThat(store.admits(0)).isFalse();
    assertThat(store.admits(-1)).isFalse();
    assertThat(store.highest()).isZero();
    assertThatThrownBy(() -> new OwnerToken(-1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aProgramReadsItsOwn() {
    assertThat(OwnerToken.own(Map.of("HAM_TOKEN", "357564417"))).isEqualTo(357_564_417L);
    assertThat(OwnerToken.own(Map.of("HAM_TOKEN", "8999999999999999999")))
        .isEqualTo(8_999_999_999_999_999_999L);
    for (String bad : new String[] {"", "0", "-1", "07", "x", "1 ", "9999999999999999999"}) {
      assertThatThrownBy(() -> OwnerToken.own(Map.of("HAM_TOKEN", bad)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("'" + bad + "'");
    }
    assertThatThrownBy(() -> OwnerToken.own(Map.of()))
        .hasMessageContaining("a manager has started");
  }
}
