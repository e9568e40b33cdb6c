package io.hamlet.client.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The rules of ham.md 9 in {@code spec/recovery-rules.txt} and their tests are the same set. */
class RecoveryRulesTest {
  private static final List<Class<?>> SPECS =
      List.of(
          SpecWhenTest.class,
          SpecFunctionTest.class,
          SpecThreadsTest.class,
          SpecCallsTest.class,
          SpecControlTest.class,
          SpecRepeatTest.class);

  @Test
  void everyListedRuleHasATestAndEveryTestIsListed() throws IOException {
    TreeMap<String, String> tested = new TreeMap<>();
    for (Class<?> spec : SPECS) {
      for (Method method : spec.getDeclaredMethods()) {
        Rule rule = method.getAnnotation(Rule.class);
        if (rule != null) {
          assertThat(tested.put(rule.value(), rule.says())).as(rule.value()).isNull();
        }
      }
    }
    TreeMap<String, String> listed = new TreeMap<>();
    try (InputStream in = getClass().getResourceAsStream("/spec/recovery-rules.txt")) {
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
        String[] part = line.split(": ", 2);
        assertThat(listed.put(part[0], part[1])).as(line).isNull();
      }
    }
    assertThat(tested).isEqualTo(listed).hasSizeGreaterThan(30);
  }
}
