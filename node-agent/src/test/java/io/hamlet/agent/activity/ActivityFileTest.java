package io.hamlet.agent.activity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hamlet.core.model.Moment;
import io.hamlet.core.recovery.Effect;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is said last is in the log. */
class ActivityFileTest {
  private static final int FULL = 64 * 1024;

  @TempDir Path directory;

  @Test
  @Timeout(60)
  void whatWaitsForADiskIsWrittenWhenItIsClosed() throws Exception {
    Path slow = directory.resolve("slow");
    assertThat(new ProcessBuilder("mkfifo", slow.toString()).start().waitFor()).isZero();
    String text;
    try (RandomAccessFile both = new RandomAccessFile(slow.toFile(), "rw");
        FileInputStream in = new FileInputStream(both.getFD())) {
      ActivityFile log = ActivityFile.open(Optional.of(slow), Stamp.NONE, () -> 0);
      say(log, "a".repeat(3 * FULL));
      say(log, "the last word");
      await().atMost(Duration.ofSeconds(30)).until(() -> in.available() == FULL);
      Thread closing = Thread.ofPlatform().start(log::close);
      text = new String(in.readNBytes(3 * FULL + "\nthe last word\n".length()));
      closing.join();
    }
    assertThat(text).endsWith("aaa\nthe last word\n");
  }

  /** Found in review: the end did not wait for the writer, and the process ends then. */
  @Test
  void whatWasSaidIsThereWhenItIsClosedBehindWhatWas() throws IOException {
    Path file = directory.resolve("log");
    for (String word : new String[] {"one", "two"}) {
      try (ActivityFile log = ActivityFile.open(Optional.of(file), Stamp.NONE, () -> 0)) {
        say(log, word);
      }
    }
    assertThat(file).hasContent("one\ntwo\n");
  }

  private static void say(ActivityFile log, String text) {
    log.write(new Effect.WriteLog(new Moment(1, 1), null, text));
  }
}
