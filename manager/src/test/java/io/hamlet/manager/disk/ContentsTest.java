package io.hamlet.manager.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told of a directory, and what is said when it cannot be read. */
class ContentsTest {
  @TempDir Path directory;

  @Test
  void itIsSortedAndOnlyWhatWasAskedFor() throws IOException {
    for (String name : new String[] {"b-2", "a", "b-1", ".hidden"}) {
      Files.createFile(directory.resolve(name));
    }
    assertThat(Contents.of(directory, "b-*"))
        .containsExactly(directory.resolve("b-1"), directory.resolve("b-2"));
    assertThat(Contents.of(directory)).hasSize(4);
  }

  @Test
  void whatIsMissingIsSaid() {
    assertThatThrownBy(() -> Contents.of(directory.resolve("none")))
        .isInstanceOf(NoSuchFileException.class);
  }

  /** The JDK wraps what the kernel says in the middle of a directory, and few look for that. */
  @Test
  void aDiskThatFailsInTheMiddleIsAnErrorOfTheDisk() {
    IOException bad = new IOException("Input/output error");
    DirectoryStream<Path> failing =
        new DirectoryStream<>() {
          private int left = 1;

          @Override
          public Iterator<Path> iterator() {
            return new Iterator<>() {
              @Override
              public boolean hasNext() {
                return true;
              }

              @Override
              public Path next() {
                if (left-- > 0) {
                  return directory;
                }
                throw new DirectoryIteratorException(bad);
              }
            };
          }

          @Override
          public void close() {
            // Nothing is open.
          }
        };
    assertThatThrownBy(() -> Contents.all(failing)).isSameAs(bad);
  }
}
