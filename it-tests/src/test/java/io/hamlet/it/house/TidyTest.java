package io.hamlet.it.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/** The house is in order: every rule over every file of ours. */
class TidyTest {
  private static final List<Path> FILES =
      ProjectTree.files(
          ".java",
          ".proto",
          ".md",
          ".xml",
          ".txt",
          ".sh",
          ".py",
          ".js",
          ".json",
          ".yaml",
          ".yml",
          ".toml",
          ".service",
          ".properties",
          ".editorconfig",
          "/deploy/bin/ham",
          "/deploy/bin/bench",
          "/deploy/bin/format",
          "/deploy/bin/sim",
          "/.ci/run");

  @TestFactory
  Stream<DynamicTest> theHouse() {
    return Tidy.rules().stream()
        .map(
            rule ->
                DynamicTest.dynamicTest(rule.name(), () -> assertThat(breaches(rule)).isEmpty()));
  }

  @Test
  void longFilesAreReported(TestReporter reporter) {
    for (Path file : FILES) {
      long lines = ProjectTree.read(file).lines().count();
      if (Tidy.isJava(file.toString()) && lines > Tidy.LONG_FILE) {
        reporter.publishEntry("think about", relative(file) + " has " + lines + " lines");
      }
    }
    assertThat(FILES).hasSizeGreaterThan(50);
  }

  @Test
  void everyPackageOfMainCodeIsExplained() {
    TreeSet<Path> missing = new TreeSet<>();
    for (Path file : FILES) {
      if (Tidy.isMainJava(relative(file)) && !isMain(file)) {
        Path info = file.resolveSibling("package-info.java");
        if (!Files.exists(info)) {
          missing.add(ProjectTree.root().relativize(info));
        }
      }
    }
    assertThat(missing).isEmpty();
  }

  @Test
  void everyLinkOfTheDocumentsLeadsSomewhere() {
    List<String> broken = new ArrayList<>();
    for (Path file : ProjectTree.files(".md")) {
      broken.addAll(DocLinks.broken(file, ProjectTree.read(file)));
    }
    assertThat(broken).isEmpty();
  }

  @Test
  void aLinkThatLeadsNowhereIsFound(@TempDir Path dir) throws IOException {
    Path other = dir.resolve("other.md");
    Files.writeString(other, "# A heading, and more\n");
    String text =
        """
        # Here
        [a](other.md) [b](other.md#a-heading-and-more) [c](#here) [d](https://example.org)
        [e](gone.md) [f](other.md#gone) [g](#gone)
        ```
        [not a link](in-code)
        ```
        """;
    assertThat(DocLinks.broken(dir.resolve("page.md"), text)).hasSize(3);
  }

  @Test
  void decisionsAreNumberedInTheOrderInWhichTheyStand() {
    List<String> numbers =
        ProjectTree.read(ProjectTree.root().resolve("DECISIONS.md"))
            .lines()
            .filter(line -> line.startsWith("## "))
            .map(line -> line.replaceFirst("^## ([0-9]+)\\. .+ \\(\\d{4}-\\d\\d-\\d\\d\\)$", "$1"))
            .toList();
    assertThat(numbers)
        .as("two landed at once: give the later one the next number, and correct what refers to it")
        .isEqualTo(IntStream.rangeClosed(1, numbers.size()).mapToObj(String::valueOf).toList());
  }

  @Test
  void theDocumentsAtTheTopAreThere() {
    assertThat(
            List.of(
                "README.md",
                "ARCHITECTURE.md",
                "DECISIONS.md",
                "CONTRIBUTING.md",
                "CHANGELOG.md",
                "LICENSE",
                "proto/README.md",
                "manager/README.md",
                "client-sdk/README.md",
                "node-agent/README.md",
                "it-tests/README.md",
                "deploy/README.md"))
        .allMatch(name -> Files.isRegularFile(ProjectTree.root().resolve(name)));
    assertThat(ProjectTree.read(ProjectTree.root().resolve("LICENSE")))
        .contains("Apache License")
        .contains("END OF TERMS AND CONDITIONS");
  }

  /** Each line: the name of a rule, a path, a text that breaks the rule, one that keeps it. */
  @TestFactory
  Stream<DynamicTest> eachRuleBites() {
    List<Sample> samples = samples();
    assertThat(samples.stream().map(Sample::rule).distinct())
        .containsExactlyInAnyOrderElementsOf(Tidy.rules().stream().map(Tidy.Rule::name).toList());
    return samples.stream().map(s -> DynamicTest.dynamicTest(s.rule(), () -> bites(s)));
  }

  private record Sample(String rule, String path, String bad, String good) {}

  private static void bites(Sample sample) {
    Tidy.Rule rule =
        Tidy.rules().stream().filter(r -> r.name().equals(sample.rule())).findFirst().orElseThrow();
    assertThat(rule.check(sample.path(), sample.bad())).hasSize(1);
    assertThat(rule.check(sample.path(), sample.good())).isEmpty();
  }

  private static List<Sample> samples() {
    String code = "manager/src/main/java/A.java";
    String wide = "x".repeat(101);
    return List.of(
        new Sample("a file is at most 500 lines", code, "x\n".repeat(501), "x\n".repeat(500)),
        new Sample("a line is at most 100 columns", code, wide, wide.substring(1)),
        new Sample(
            "a line is at most 100 columns", code, "\"\"\"\n\"\"\"\n" + wide, "\"\"\"\n" + wide),
        new Sample("no blanks at line ends", "a.md", "x \n", "x\n"),
        new Sample("one newline at the end", "a.md", "x", "x\n"),
        new Sample("one newline at the end", "a.md", "x\n\n", "x\n\nx\n"),
        new Sample("no tabs", code, "\tx", "  x"),
        new Sample(
            "names say what a thing is", code, "class FileUt" + "ils {", "class Utilities {"),
        new Sample(
            "public types are explained", code, "\npublic class A {", "*/\npublic class A {"),
        new Sample(
            "public types are explained",
            code,
            "}\n@X\npublic record A(",
            "*/\n@X\npublic record A("),
        new Sample("packages are explained", "a/package-info.java", "package a;", "/** A. */"),
        new Sample("nothing of the workplace", "a.md", "in /wo" + "rk/x", "in /etc/x/wo" + "rk"),
        new Sample("nothing of the workplace", "a.sh", "cd /ro" + "ot", "</ro" + "ot>"),
        new Sample("no author tags", code, " * @auth" + "or me", " * @param me"),
        new Sample("no leftovers", code, "// TO" + "DO later", "// to do or not to do"));
  }

  private static List<String> breaches(Tidy.Rule rule) {
    return FILES.stream()
        .flatMap(file -> rule.check(relative(file), ProjectTree.read(file)).stream())
        .toList();
  }

  /** The class in the unnamed package, if any, needs no explained package. */
  private static boolean isMain(Path file) {
    return file.getParent().endsWith("src/main/java");
  }

  private static String relative(Path file) {
    return ProjectTree.root().relativize(file).toString();
  }
}
