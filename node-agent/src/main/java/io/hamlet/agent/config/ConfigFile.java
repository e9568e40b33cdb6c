package io.hamlet.agent.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Reads {@code key = value} lines. A line that begins with {@code #} is a comment; a value is the
 * rest of its line without blanks around it, and nothing in it is special. The launcher reads a few
 * keys of the same file in bash, so the grammar stays this small.
 */
final class ConfigFile {
  private final Path file;
  private final List<String> problems;
  private final Map<Key, Setting> found = new EnumMap<>(Key.class);

  private ConfigFile(Path file, List<String> problems) {
    this.file = file;
    this.problems = problems;
  }

  /** Adds what is wrong with the file to the problems. */
  static Map<Key, Setting> read(Path file, List<String> problems) {
    ConfigFile reader = new ConfigFile(file, problems);
    try {
      List<String> lines = Files.readAllLines(file);
      for (int i = 0; i < lines.size(); i++) {
        reader.readLine(i + 1, lines.get(i));
      }
    } catch (NoSuchFileException e) {
      problems.add(file + ": does not exist");
    } catch (CharacterCodingException e) {
      problems.add(file + ": is not UTF-8 text");
    } catch (IOException e) {
      problems.add(file + ": cannot be read: " + e.getMessage());
    }
    return reader.found;
  }

  private void readLine(int number, String line) {
    String text = line.strip();
    if (text.isEmpty() || text.startsWith("#")) {
      return;
    }
    int start = line.indexOf(text) + 1;
    int equals = line.indexOf('=');
    if (equals < 0) {
      problem(number, start, "'" + text + "' is not of the form key = value");
      return;
    }
    String word = line.substring(0, equals).strip();
    String value = line.substring(equals + 1).strip();
    int column = value.isEmpty() ? equals + 2 : line.indexOf(value, equals + 1) + 1;
    Key.of(word)
        .ifPresentOrElse(
            key -> keep(key, value, number, start, column),
            () -> problem(number, start, "there is no key '" + word + "'"));
  }

  private void keep(Key key, String value, int number, int start, int column) {
    if (found.containsKey(key)) {
      problem(number, start, key.word() + " is set twice, first at " + found.get(key).where());
    } else if (value.isEmpty()) {
      problem(number, column, key.word() + " has no value; remove the line to get its default");
    } else {
      found.put(key, new Setting(value, file + ":" + number + ":" + column));
    }
  }

  private void problem(int line, int column, String text) {
    problems.add(file + ":" + line + ":" + column + ": " + text);
  }
}
