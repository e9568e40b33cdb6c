package io.hamlet.agent.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class OutputTest {
  @TempDir Path directory;

  @Test
  void whatWasWrittenLastComesOut() throws Exception {
    Path file = directory.resolve("output");
    ByteArrayOutputStream seen = new ByteArrayOutputStream();
    Output output = Output.of(file, false, new PrintStream(seen, true));
    write(file, "last");
    output.close();
    assertThat(seen.toString(StandardCharsets.UTF_8)).isEqualTo("last");
    assertThat(file).doesNotExist();
  }

  /**
   * Found in review: an interrupt in the middle of a read closed the file, and that was the end.
   */
  @Test
  void whatWasWrittenLastComesOutWhenItEndsInTheMiddle() throws Exception {
    Path file = directory.resolve("output");
    Slow slow = new Slow();
    Output output = Output.of(file, false, new PrintStream(slow, true));
    write(file, "first ");
    slow.inside.await();
    write(file, "last");
    Thread closer = Thread.ofPlatform().start(() -> close(output));
    while (closer.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    slow.free = true;
    closer.join();
    assertThat(slow.seen.toString(StandardCharsets.UTF_8)).isEqualTo("first last");
  }

  private static void write(Path file, String text) throws Exception {
    Files.writeString(file, text, StandardOpenOption.APPEND);
  }

  private static void close(Output output) {
    try {
      output.close();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Takes nothing until it is free. */
  private static final class Slow extends OutputStream {
    private final ByteArrayOutputStream seen = new ByteArrayOutputStream();
    private final CountDownLatch inside = new CountDownLatch(1);
    private volatile boolean free;

    @Override
    public void write(int one) {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] some, int from, int count) {
      inside.countDown();
      while (!free) {
        Thread.onSpinWait();
      }
      seen.write(some, from, count);
    }
  }
}
