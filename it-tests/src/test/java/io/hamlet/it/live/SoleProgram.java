package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.client.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * A program that only one may run: it takes an exclusive lock on a file that all nodes share, and
 * writes down its start and its end. Both are written under the lock, so their order is the order
 * in which they happened. Not thread-safe.
 */
final class SoleProgram {
  /** Who finds the lock taken says so, and that is a second owner. Ill is who ends at once. */
  private static final String SCRIPT =
      """
      exec 9>>"$1/lock"
      flock -n 9 || { echo "$HAM_TOKEN $HAM_NODE $$" >>"$1/second"; exit 1; }
      echo "start $HAM_TOKEN $HAM_NODE $$" >>"$1/lines"
      trap 'echo "stop $HAM_TOKEN $HAM_NODE $$" >>"$1/lines"; exit 0' TERM
      [ "$HAM_NODE" != "$2" ] || exit 1
      sleep 1000000 9>&- &
      wait
      """;

  private final Path shared;
  private final Predicate<Start> runs;

  /** One that got the lock. */
  record Start(long token, String node, long pid) {}

  private record Line(boolean starts, Start of) {
    static Line of(String line) {
      String[] words = line.split(" ");
      Start start = new Start(Long.parseLong(words[1]), words[2], Long.parseLong(words[3]));
      return new Line(words[0].equals("start"), start);
    }
  }

  private SoleProgram(Path shared, Predicate<Start> runs) {
    this.shared = shared;
    this.runs = runs;
  }

  /**
   * @param directory of the test
   */
  static SoleProgram in(Path directory) throws IOException {
    return in(directory, start -> Proc.isAlive(start.pid()));
  }

  /**
   * The same, whose processes are known by other pids where they run.
   *
   * @param runs whether one that has started still runs
   */
  static SoleProgram in(Path directory, Predicate<Start> runs) throws IOException {
    return new SoleProgram(Files.createDirectory(directory.resolve("shared")), runs);
  }

  /**
   * @param ill a node where it ends as soon as it has begun; empty: none
   */
  Command command(String ill) {
    return Command.of("/bin/sh", "-c", SCRIPT, "sole", shared.toString(), ill);
  }

  /** What it writes down. */
  Path file() {
    return shared.resolve("lines");
  }

  List<Start> starts() throws IOException {
    return lines().stream().filter(Line::starts).map(Line::of).toList();
  }

  /** The newest; null before the first. */
  Start last() throws IOException {
    List<Start> all = starts();
    return all.isEmpty() ? null : all.getLast();
  }

  /** The newest if it runs now; else null. */
  Start running() throws IOException {
    Start last = last();
    return last != null && runs.test(last) ? last : null;
  }

  /** Who ended in order, and was not killed. */
  List<Start> ends() throws IOException {
    return lines().stream().filter(l -> !l.starts()).map(Line::of).toList();
  }

  private List<Line> lines() throws IOException {
    Path file = file();
    if (!Files.exists(file)) {
      return List.of();
    }
    String text = Files.readString(file);
    // The last line may be only half there.
    return text.substring(0, text.lastIndexOf('\n') + 1).lines().map(Line::of).toList();
  }

  /** Nobody ever found the lock taken, each token is higher than all before, and no end is late. */
  void assertOneOwner() throws IOException {
    assertThat(shared.resolve("second")).doesNotExist();
    List<Long> tokens = new ArrayList<>(starts().stream().map(Start::token).toList());
    assertThat(tokens).isSorted().doesNotHaveDuplicates();
    Start now = null;
    for (Line line : lines()) {
      if (!line.starts()) {
        assertThat(line.of()).as("who says that it ends is who began last").isEqualTo(now);
      }
      now = line.of();
    }
  }

  @Override
  public String toString() {
    return shared.toString();
  }
}
