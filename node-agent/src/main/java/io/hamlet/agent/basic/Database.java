package io.hamlet.agent.basic;

import io.hamlet.agent.basic.core.BasicState;
import io.hamlet.manager.disk.Durable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.Function;

/** The state on disk: one file, always whole. For one thread. */
final class Database {
  private static final String HEAD = "hamlet basic status, version 1\n";

  private final Path file;
  private final Function<Object, String> json;

  /** The function writes JSON on one line. */
  Database(Path file, Function<Object, String> json) {
    this.file = file;
    this.json = json;
  }

  /** Nothing when there is no file. Throws IllegalArgumentException for one that is not ours. */
  BasicState read() throws IOException {
    if (!Files.exists(file)) {
      return BasicState.NEW;
    }
    String text = Files.readString(file);
    if (!text.startsWith(HEAD)) {
      throw new IllegalArgumentException("it does not begin with: " + HEAD.strip());
    }
    return StateText.read(new Fields(JsonText.object(text.substring(HEAD.length()))));
  }

  /** Moves an unreadable file out of the way; answers where to. */
  Path moveAside(long wall) throws IOException {
    Path aside = file.resolveSibling(file.getFileName() + ".unreadable-" + wall);
    return Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
  }

  /** On return it is on disk. */
  void write(BasicState state) throws IOException {
    byte[] bytes = (HEAD + json.apply(StateText.of(state)) + "\n").getBytes(StandardCharsets.UTF_8);
    Durable.replace(file, bytes);
  }
}
