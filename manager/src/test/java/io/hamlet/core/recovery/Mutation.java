package io.hamlet.core.recovery;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One deliberate mistake in the brain, or in what carries it out.
 *
 * @param rule whose test must see it; or that test, as {@code Class.method} of the same package
 * @param file under io/hamlet/core; or under io/hamlet, if it is the manager's
 * @param right stands there once
 * @param wrong takes its place
 */
record Mutation(String rule, String file, String right, String wrong) {
  private static final Path SOURCES = Path.of("src/main/java");

  /** All of {@code spec/mutations.txt}. */
  static List<Mutation> all() throws IOException {
    List<String> lines;
    try (InputStream in = Mutation.class.getResourceAsStream("/spec/mutations.txt")) {
      lines =
          new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .filter(line -> !line.isBlank() && !line.startsWith("#"))
              .toList();
    }
    List<Mutation> all = new ArrayList<>();
    for (int i = 0; i < lines.size(); i += 3) {
      String head = lines.get(i);
      int cut = head.lastIndexOf(' ');
      all.add(
          new Mutation(
              head.substring(0, cut),
              head.substring(cut + 1),
              lines.get(i + 1).substring(1).strip(),
              lines.get(i + 2).substring(1).strip()));
    }
    return all;
  }

  /** The class whose source it changes. */
  String className() {
    return path().replace(".java", "").replace('/', '.');
  }

  private String path() {
    return (file.startsWith("manager/") ? "io/hamlet/" : "io/hamlet/core/") + file;
  }

  /** What must see it. */
  Method test() throws Exception {
    return rule.contains(" ") ? RulesCompleteTest.test(rule) : named();
  }

  private Method named() throws ReflectiveOperationException {
    int cut = rule.indexOf('.');
    String home = className().substring(0, className().lastIndexOf('.') + 1);
    return Class.forName(home + rule.substring(0, cut)).getDeclaredMethod(rule.substring(cut + 1));
  }

  /** The source with the mistake in it. */
  String source() {
    try {
      String source = Files.readString(SOURCES.resolve(path()));
      int at = source.indexOf(right);
      if (at < 0 || source.indexOf(right, at + 1) >= 0) {
        throw new AssertionError(
            "'" + right + "' does not stand just once in " + file + "; mend mutations.txt");
      }
      return source.replace(right, wrong);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return rule + ": " + file + ": " + right + " -> " + wrong;
  }
}
