package io.hamlet.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeNameTest {
  @ParameterizedTest
  @ValueSource(strings = {"a", "worker-1.example.org", "_", "-", "...", ".a", "A9"})
  void takes(String name) {
    assertThat(NodeName.isOne(name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a/b", "*", "a b", "a\n", ".\n", "ä", "a:b", "a\0"})
  void refuses(String name) {
    assertThat(NodeName.isOne(name)).isFalse();
  }

  @Test
  void isAtMost64Long() {
    assertThat(NodeName.isOne("x".repeat(64))).isTrue();
    assertThat(NodeName.isOne("x".repeat(65))).isFalse();
  }
}
