package io.hamlet.it.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * All hand-written Java is as google-java-format writes it. {@code deploy/bin/format} writes it so;
 * that is this test with {@code -Dhamlet.format=write}.
 */
class FormatTest {
  private static final boolean WRITE = "write".equals(System.getProperty("hamlet.format"));

  private final Formatter formatter = new Formatter(JavaFormatterOptions.defaultOptions());

  @Test
  void everyFileIsFormatted() {
    List<Path> wrong =
        ProjectTree.files(".java").parallelStream().filter(this::isWrong).sorted().toList();
    assertThat(wrong.stream().map(file -> ProjectTree.root().relativize(file).toString()))
        .as("run deploy/bin/format; not formatted are")
        .isEmpty();
  }

  @Test
  void aBadlyFormattedFileIsFoundAndASecondRunChangesNothing() {
    String bad = "class A{String s=\"\"\"\n  a\n    b\n  \"\"\";int x(){return 1;}}";
    String once = formatted("A.java", bad);
    assertThat(once).isNotEqualTo(bad).contains("  int x() {\n    return 1;\n  }\n");
    assertThat(formatted("A.java", once)).isEqualTo(once);
  }

  /** True if the file is to be formatted and was not. */
  private boolean isWrong(Path file) {
    String text = ProjectTree.read(file);
    String formatted = formatted(file.toString(), text);
    if (WRITE && !text.equals(formatted)) {
      try {
        Files.writeString(file, formatted);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return false;
    }
    return !text.equals(formatted);
  }

  private String formatted(String file, String text) {
    try {
      return formatter.formatSourceAndFixImports(text);
    } catch (FormatterException e) {
      throw new AssertionError(file + " is not Java: " + e.getMessage(), e);
    }
  }
}
