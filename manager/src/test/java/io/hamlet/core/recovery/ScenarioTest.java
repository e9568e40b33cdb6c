package io.hamlet.core.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The stories in {@code src/test/resources/scenarios}, told again. After a change that is meant,
 * {@code -Dhamlet.scenarios=write} writes them anew; read the difference before you keep it.
 */
class ScenarioTest {
  private static final Path STORIES = Path.of("src/test/resources/scenarios");

  @TestFactory
  Stream<DynamicTest> everyStoryIsToldAsWritten() throws IOException {
    return stories().stream()
        .map(story -> DynamicTest.dynamicTest(story.getFileName().toString(), () -> tell(story)));
  }

  @Test
  void thereAreStories() throws IOException {
    assertThat(stories()).hasSizeGreaterThanOrEqualTo(12);
  }

  private static void tell(Path story) throws IOException {
    String written = Files.readString(story);
    String told = Scenario.told(written);
    if ("write".equals(System.getProperty("hamlet.scenarios"))) {
      Files.writeString(story, told);
    } else {
      assertThat(told).isEqualTo(written);
    }
  }

  private static List<Path> stories() throws IOException {
    try (Stream<Path> files = Files.list(STORIES)) {
      return files.filter(f -> f.toString().endsWith(".txt")).sorted().toList();
    }
  }
}
