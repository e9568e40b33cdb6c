package io.hamlet.core.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The list of rules in {@code spec/rules.txt} and the tests of rules are the same set. */
class RulesCompleteTest {
  @Test
  void everyListedRuleHasATestAndEveryTestIsListed() throws Exception {
    TreeMap<String, String> tested = new TreeMap<>();
    for (Class<?> spec : specs()) {
      for (Method method : spec.getDeclaredMethods()) {
        Rule rule = method.getAnnotation(Rule.class);
        if (rule != null) {
          assertThat(tested.put(rule.value(), rule.says())).as(rule.value()).isNull();
          assertThat(rule.value()).matches("(ham|policy|arch) \\d+(\\.\\d+)?/\\d+");
        }
      }
    }
    TreeMap<String, String> listed = new TreeMap<>();
    for (String line : listed()) {
      String[] part = line.split(": ", 2);
      assertThat(listed.put(part[0], part[1])).as(line).isNull();
    }
    assertThat(tested).isEqualTo(listed);
    assertThat(tested.values()).as("each sentence once").doesNotHaveDuplicates();
  }

  /** The test of that rule. */
  static Method test(String number) throws Exception {
    for (Class<?> spec : specs()) {
      for (Method method : spec.getDeclaredMethods()) {
        Rule rule = method.getAnnotation(Rule.class);
        if (rule != null && rule.value().equals(number)) {
          return method;
        }
      }
    }
    throw new AssertionError("no test of " + number);
  }

  private static List<String> listed() throws IOException {
    try (InputStream in = RulesCompleteTest.class.getResourceAsStream("/spec/rules.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .toList();
    }
  }

  private static List<Class<?>> specs() throws Exception {
    String here = RulesCompleteTest.class.getPackageName();
    List<Class<?>> specs = new ArrayList<>(specs(here));
    specs.addAll(specs(here.replace("recovery", "cluster")));
    return specs;
  }

  private static List<Class<?>> specs(String home) throws Exception {
    Path classes =
        Path.of(RulesCompleteTest.class.getProtectionDomain().getCodeSource().getLocation().toURI())
            .resolve(home.replace('.', '/'));
    List<Class<?>> specs = new ArrayList<>();
    try (Stream<Path> files = Files.list(classes)) {
      for (Path file : (Iterable<Path>) files.sorted()::iterator) {
        String name = file.getFileName().toString();
        if (name.matches("Spec\\w*Test\\.class")) {
          specs.add(Class.forName(home + "." + name.replace(".class", "")));
        }
      }
    }
    return specs;
  }
}
