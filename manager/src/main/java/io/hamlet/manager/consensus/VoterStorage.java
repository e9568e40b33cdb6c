package io.hamlet.manager.consensus;

import io.hamlet.manager.disk.Durable;
import io.hamlet.manager.disk.Trees;
import io.hamlet.manager.port.Consensus.Voter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Whose storage a directory is. A file beside the log names group, node, life and address; a life
 * is drawn when a voter begins with nothing and is no founder. The address is kept because a copy
 * of the directory elsewhere would be the same voter twice, and could be elected twice.
 *
 * @param founders empty unless it founded
 */
record VoterStorage(Voter self, List<Voter> founders) {
  private static final String TITLE = "hamlet voter 2";

  /** Then the place of a command was the index of its entry: read by now, tokens would differ. */
  private static final String OLDER = "hamlet voter 1";

  private static final String FILE = "voter";

  static boolean hasBegun(Path directory) {
    return Files.exists(directory.resolve(FILE));
  }

  /** Under another name first: what a crash leaves behind is nobody's storage. */
  static void clear(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    Path gone = directory.resolveSibling(directory.getFileName() + ".gone");
    Trees.remove(gone);
    Files.move(directory, gone, StandardCopyOption.ATOMIC_MOVE);
    Durable.names(directory.toAbsolutePath().getParent());
    Trees.remove(gone);
  }

  /** Reads it, or makes it when there is nothing yet. */
  static VoterStorage open(VoterConfig config) throws IOException {
    Files.createDirectories(config.directory());
    Path file = config.directory().resolve(FILE);
    if (Files.exists(file)) {
      return read(config, file);
    }
    Path log = log(config);
    if (Files.exists(log)) {
      throw new IOException(log + " is there but " + file + " is not; " + remedy(config));
    }
    String life = config.founders().isEmpty() ? draw() : "";
    List<String> lines = new ArrayList<>();
    lines.add(TITLE);
    lines.add("group " + config.group());
    lines.add(
        "self "
            + config.node()
            + " "
            + (life.isEmpty() ? "founder" : life)
            + " "
            + config.address());
    config.founders().forEach(f -> lines.add("founder " + f.node() + " " + f.address()));
    String text = String.join("\n", lines) + "\n";
    Durable.replace(file, text.getBytes(StandardCharsets.UTF_8));
    return read(config, file);
  }

  static Path log(VoterConfig config) {
    return config.directory().resolve(config.group().toString());
  }

  static String remedy(VoterConfig config) {
    return "this voter cannot vote any more: remove "
        + config.node()
        + " from the voters, empty "
        + config.directory()
        + " and add it as a new one";
  }

  private static VoterStorage read(VoterConfig config, Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    List<Voter> founders = new ArrayList<>();
    if (!lines.isEmpty() && lines.getFirst().equals(OLDER)) {
      throw new IOException(
          file
              + " was written by an older Hamlet, whose log this one would take for another;"
              + " go on with that version, or use another directory at all voters");
    }
    if (lines.size() < 3 || !lines.getFirst().equals(TITLE)) {
      throw new IOException(file + " is damaged; " + remedy(config));
    }
    if (!lines.get(1).equals("group " + config.group())) {
      throw new IOException(
          file
              + " belongs to another cluster than "
              + config.cluster()
              + "; use another directory");
    }
    String[] self = lines.get(2).split(" ");
    if (self.length != 4 || !self[1].equals(config.node())) {
      throw new IOException(file + " belongs to another node than " + config.node());
    }
    if (!self[3].equals(config.address())) {
      throw new IOException(
          file
              + " belongs to "
              + config.node()
              + " at "
              + self[3]
              + "; if this is no copy and the address has changed, then "
              + remedy(config));
    }
    for (String line : lines.subList(3, lines.size())) {
      String[] words = line.split(" ");
      if (words.length != 3 || !words[0].equals("founder")) {
        throw new IOException(file + " is damaged; " + remedy(config));
      }
      founders.add(new Voter(words[1], words[2]));
    }
    String life = self[2].equals("founder") ? "" : self[2];
    return new VoterStorage(new Voter(config.node(), config.address(), life), founders);
  }

  private static String draw() {
    byte[] bytes = new byte[8];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
