package io.hamlet.agent.cluster;

import io.hamlet.agent.config.NodeConfig;
import io.hamlet.manager.consensus.RatisVoter;
import io.hamlet.manager.disk.Durable;
import io.hamlet.manager.member.Founding;
import io.hamlet.manager.port.ClusterBus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The marks of the founders, kept in STATE/founders. Cluster thread. */
final class FounderBook implements Founding.Keeper {
  private static final Logger LOG = LoggerFactory.getLogger(FounderBook.class);
  private static final String TITLE = "hamlet founders 1";
  private static final Pattern TEXT =
      Pattern.compile(
          TITLE + "\nbegun (true|false)\n((?:mark [A-Za-z0-9._-]{1,64} [0-9a-f]{16}\n){1,64})");

  private final Path file;
  private final String node;

  private FounderBook(Path file, String node) {
    this.file = file;
    this.node = node;
  }

  /**
   * Whether this node founds; null: it is none of the founders.
   *
   * @param decided called once that is known
   */
  static Founding founding(
      NodeConfig config, List<String> founders, ClusterBus bus, Runnable decided) {
    if (!founders.contains(config.node())) {
      return null;
    }
    FounderBook book = new FounderBook(config.places().state().resolve("founders"), config.node());
    boolean hasLog = RatisVoter.hasBegun(Candidacy.directory(config));
    return new Founding(config.node(), founders, book.read(), hasLog, bus, book, decided);
  }

  /**
   * What it says; a new one has a mark of its own, which is kept before it is told to anybody. One
   * that cannot be read may be that of a founder: who has no log then does not found.
   */
  Founding.Book read() {
    try {
      if (!Files.exists(file)) {
        String mark = HexFormat.of().toHexDigits(new SecureRandom().nextLong());
        Founding.Book fresh = new Founding.Book(Map.of(node, mark), false);
        keep(fresh);
        return fresh;
      }
      Matcher read = TEXT.matcher(Files.readString(file));
      if (read.matches()) {
        TreeMap<String, String> marks = new TreeMap<>();
        for (String line : read.group(2).lines().toList()) {
          String[] words = line.split(" ");
          marks.put(words[1], words[2]);
        }
        if (marks.containsKey(node)) {
          return new Founding.Book(marks, Boolean.parseBoolean(read.group(1)));
        }
      }
      LOG.error("{} is damaged", file);
    } catch (IOException | UncheckedIOException e) {
      LOG.error("{} cannot be used: {}", file, e.getMessage());
    }
    return new Founding.Book(Map.of(node, "0".repeat(16)), true);
  }

  @Override
  public void keep(Founding.Book book) {
    StringBuilder text = new StringBuilder(TITLE + "\nbegun " + book.begun() + "\n");
    new TreeMap<>(book.marks())
        .forEach((of, mark) -> text.append("mark " + of + " " + mark + "\n"));
    try {
      Durable.replace(file, text.toString().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be written", e);
    }
  }
}
