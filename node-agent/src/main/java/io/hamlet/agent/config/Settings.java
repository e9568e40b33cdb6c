package io.hamlet.agent.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What was said in options and in the file, and all that is wrong with it. For one thread. */
final class Settings {
  private final Path directory;
  private final Map<Key, Setting> said = new EnumMap<>(Key.class);
  private final List<String> problems = new ArrayList<>();
  private final List<String> unfit = new ArrayList<>();
  private Path fileDirectory;

  /** As {@link NodeConfig#of} takes them; what is wrong with the file is a problem. */
  Settings(Map<String, String> options, Path directory) {
    this.directory = directory;
    this.fileDirectory = directory;
    String config = options.get("config");
    if (config != null) {
      Path file = directory.resolve(config);
      fileDirectory = file.toAbsolutePath().getParent();
      said.putAll(ConfigFile.read(file, problems));
    }
    for (Key key : Key.values()) {
      String value = options.get(key.word());
      if (value != null) {
        said.put(key, new Setting(value, "--" + key.word()));
      }
    }
  }

  boolean has(Key key) {
    return said.containsKey(key);
  }

  /**
   * What was said, or the default, as the reader understands it.
   *
   * @param otherwise instead, when it throws IllegalArgumentException, which is a problem
   */
  <T> T get(Key key, T otherwise, Function<String, T> reader) {
    try {
      return reader.apply(has(key) ? said.get(key).value() : key.otherwise());
    } catch (IllegalArgumentException e) {
      problem(key, e.getMessage());
      return otherwise;
    }
  }

  /** Absolute; null when it is not set. */
  Path path(Key key) {
    Setting setting = said.get(key);
    if (setting == null) {
      return null;
    }
    boolean isOption = setting.where().startsWith("--");
    return (isOption ? directory : fileDirectory).resolve(setting.value()).normalize();
  }

  /** It was said wrongly. */
  void problem(Key key, String text) {
    problems.add(where(key) + ": " + text);
  }

  /** It was said well, but is not enough, or names a file that does not serve. */
  void lacks(Key key, String text) {
    unfit.add(where(key) + ": " + text);
  }

  /** Throws when anything is wrong. */
  void check() throws ConfigException {
    if (!problems.isEmpty() || !unfit.isEmpty()) {
      throw new ConfigException(problems, unfit);
    }
  }

  private String where(Key key) {
    return has(key) ? said.get(key).where() : key.word();
  }
}
