package io.hamlet.it.live;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A small JVM beside this one, with the same classes. Stateless. */
final class OtherJvm {
  private OtherJvm() {}

  /**
   * How to start it.
   *
   * @param option one more for the JVM
   * @param arguments of its main method
   */
  static List<String> command(String option, Class<?> main, String... arguments) {
    List<String> words =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                option,
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                main.getName()));
    words.addAll(List.of(arguments));
    return words;
  }
}
