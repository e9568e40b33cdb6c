package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What a program that ran to its end has said.
 *
 * @param status its exit status
 */
record Said(int status, String out, String err) {
  private static final long LIMIT_SECONDS = 120;

  /** Runs it, with nothing to read. */
  static Said run(List<String> command) throws IOException, InterruptedException {
    return run(Map.of(), command);
  }

  /** As above, with more in its environment. */
  static Said run(Map<String, String> environment, List<String> command)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile("said", ".out");
    Path err = Files.createTempFile("said", ".err");
    try {
      ProcessBuilder builder = new ProcessBuilder(command);
      // Whoever runs the tests may have a node of his own.
      builder.environment().remove("HAM_SERVER");
      builder.environment().putAll(environment);
      builder.redirectInput(new File("/dev/null"));
      Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(
            command + " does not end: " + Files.readString(out) + Files.readString(err));
      }
      return new Said(process.exitValue(), Files.readString(out), Files.readString(err));
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }

  /** All of it. */
  String text() {
    return out + err;
  }

  Said is(int expected) {
    assertThat(status).as("exit status; said %s", text()).isEqualTo(expected);
    return this;
  }

  /** One line, one object, with these fields. */
  Said has(String... fields) {
    assertThat(out.lines()).as(err).hasSize(1);
    assertThat(out.strip()).startsWith("{").endsWith("}");
    for (String field : fields) {
      assertThat(out).contains("\"" + field + "\":");
    }
    return this;
  }

  Said with(String text) {
    assertThat(out).contains(text);
    return this;
  }

  /** In words for people, and with nothing for programs. */
  Said explains(String text) {
    assertThat(err).contains(text).doesNotContain("\tat ");
    assertThat(out).isEmpty();
    return this;
  }
}
