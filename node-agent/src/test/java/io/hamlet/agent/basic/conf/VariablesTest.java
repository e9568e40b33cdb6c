package io.hamlet.agent.basic.conf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Variables (sam.md 5.3). */
class VariablesTest {
  @Test
  void aValueNeverBecomesTwoArgumentsNorAVariable() throws Exception {
    Map<String, String> values = Map.of("MASTERS", "a b", "HOST", "%TO% $x");
    assertThat(Variables.expand(List.of("plumb", "-h%MASTERS%", "%HOST%", "100%%"), values))
        .containsExactly("plumb", "-ha b", "%TO% $x", "100%");
  }

  @Test
  void oneWithoutAValueIsUnresolved() {
    assertThatThrownBy(() -> Variables.expand(List.of("%MASTER%"), Map.of("MASTER", "")))
        .isInstanceOf(Variables.Unresolved.class)
        .hasMessageContaining("%MASTER%");
  }
}
