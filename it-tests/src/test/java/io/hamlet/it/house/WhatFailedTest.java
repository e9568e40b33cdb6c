package io.hamlet.it.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The table "what failed" of ARCHITECTURE.md has a test for each cell, and names it. */
class WhatFailedTest {
  private static final String TEXT =
      ProjectTree.read(ProjectTree.root().resolve("ARCHITECTURE.md"));
  private static final List<String> COLUMNS = List.of("nodeScope", "clusterScope", "state");
  private static final Pattern ROW =
      Pattern.compile("(?m)^- `(\\w+)`: `(\\w+)`, `(\\w+)`, `(\\w+)`$");

  @Test
  void eachCellHasItsTest() throws ClassNotFoundException {
    Map<String, List<String>> named = new TreeMap<>();
    for (MatchResult row : ROW.matcher(TEXT).results().toList()) {
      named.put(row.group(1), List.of(row.group(2), row.group(3), row.group(4)));
    }
    assertThat(named).isEqualTo(tests());
    assertThat(named.values())
        .allSatisfy(
            row -> {
              for (int i = 0; i < COLUMNS.size(); i++) {
                assertThat(row.get(i)).startsWith(COLUMNS.get(i));
              }
            });
  }

  @Test
  void eachRowIsInTheTable() {
    String table = TEXT.substring(TEXT.indexOf("| what failed |"));
    List<String> rows = table.lines().takeWhile(line -> line.startsWith("|")).skip(2).toList();
    assertThat(rows).hasSize((int) ROW.matcher(TEXT).results().count()).isNotEmpty();
    assertThat(rows).allMatch(row -> row.split("\\|").length == COLUMNS.size() + 2);
  }

  /** By class the tests in it, in the order of the columns. */
  private static Map<String, List<String>> tests() throws ClassNotFoundException {
    Map<String, List<String>> tests = new TreeMap<>();
    for (Class<?> row : Class.forName("io.hamlet.it.live.WhatFailedIT").getDeclaredClasses()) {
      if (row.isAnnotationPresent(Nested.class)) {
        TreeSet<String> names = new TreeSet<>();
        Arrays.stream(row.getDeclaredMethods())
            .filter(m -> m.isAnnotationPresent(Test.class))
            .map(Method::getName)
            .forEach(names::add);
        List<String> inOrder = new ArrayList<>();
        COLUMNS.forEach(c -> names.stream().filter(n -> n.startsWith(c)).forEach(inOrder::add));
        tests.put(row.getSimpleName(), inOrder);
      }
    }
    return tests;
  }
}
