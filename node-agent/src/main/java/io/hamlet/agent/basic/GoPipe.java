package io.hamlet.agent.basic;

import io.hamlet.agent.script.run.Tools;
import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * How the execute action of a condition says that it fired: a named pipe, to which it writes the
 * host and the section. The text its shell gets is ours; what users wrote are its arguments.
 */
final class GoPipe {
  /** Opened both ways, so that it does not wait for a daemon that is gone. */
  private static final String SAY = "exec 3<>\"$1\"; printf '%s %s\\n' \"$2\" \"$3\" >&3";

  private static final int LINES_SHOWN = 50;
  private static final int LINE_SHOWN = 200;

  private GoPipe() {}

  /** Makes the pipe and calls the listener, with host and section, from a thread of its own. */
  static void open(Path pipe, BiConsumer<String, String> listener)
      throws IOException, InterruptedException {
    Files.deleteIfExists(pipe);
    make(pipe);
    // Our own writer end keeps the reader from ever seeing the end of the file.
    RandomAccessFile keeper = new RandomAccessFile(pipe.toFile(), "rw");
    FileInputStream input = new FileInputStream(keeper.getFD());
    Thread.ofPlatform().name("basic-go").daemon().start(() -> listen(input, keeper, listener));
  }

  /** A named pipe, if none is there. */
  static void make(Path pipe) throws IOException, InterruptedException {
    if (Files.exists(pipe)) {
      return;
    }
    String[] make = {Tools.find("mkfifo"), "-m", "600", "--", pipe.toString()};
    if (new ProcessBuilder(make).start().waitFor() != 0) {
      throw new IOException(pipe + " cannot be made");
    }
  }

  private static void listen(
      FileInputStream input, RandomAccessFile keeper, BiConsumer<String, String> listener) {
    try (keeper;
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(input, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] words = line.split(" ", -1);
        if (words.length == 2) {
          listener.accept(words[0], words[1]);
        }
      }
    } catch (IOException e) {
      // Nobody is told any more; what is announced then is given up, and says so.
    }
  }

  /**
   * The command of the action.
   *
   * @param mark tells this version of the section from every other
   * @param lines its commands, only to be seen in the tree
   */
  static List<String> command(
      Path pipe, String host, String section, String mark, List<String> lines) {
    List<String> argv = new ArrayList<>();
    argv.addAll(List.of("/bin/sh", "-c", SAY, "basic", pipe.toString(), host, section, mark));
    lines.stream()
        .limit(LINES_SHOWN)
        .map(l -> l.length() > LINE_SHOWN ? l.substring(0, LINE_SHOWN) : l)
        .forEach(argv::add);
    return argv;
  }
}
