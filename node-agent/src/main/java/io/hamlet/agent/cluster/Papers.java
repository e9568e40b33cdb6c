package io.hamlet.agent.cluster;

import io.hamlet.core.cluster.FenceRule;
import io.hamlet.core.cluster.Terms;
import io.hamlet.manager.disk.Durable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a node is to its cluster, kept over restarts and shared by both its managers: STATE/cluster.
 *
 * @param cluster its name
 * @param id of the cluster; empty: it was not founded yet, as far as this node knows
 * @param stateId names this state directory, drawn with it
 * @param start drawn at each start of the node; a takeover is none
 * @param terms of this start: both managers go by them, whatever they were told later
 * @param incarnation the newest that the cluster gave to it; 0: none yet
 * @param joined it was given for this start
 * @param voters by name, with the address of the consensus of each; empty: not known yet
 * @param since index of the entry by which they vote; 0: not known yet
 */
record Papers(
    String cluster,
    String id,
    String stateId,
    long start,
    Terms terms,
    long incarnation,
    boolean joined,
    SortedMap<String, String> voters,
    long since) {
  private static final String TITLE = "hamlet cluster 2";

  /** Then a command's place in the cluster's log was the index of its entry alone. */
  private static final String OLDER = "hamlet cluster 1";

  private static final Pattern TEXT =
      Pattern.compile(
          "cluster ([A-Za-z0-9._-]{1,64})\n"
              + "id ([A-Za-z0-9._-]{0,64})\n"
              + "state ([0-9a-f]{16})\n"
              + "start ([0-9]{1,19})\n"
              + "lease ([1-9][0-9]{8,11})\n"
              + "(?:grace ([0-9]{1,12})\n)?"
              + "(?:fencing (NONE|WHEN_UNSURE|REQUIRED)\n)?"
              + "incarnation ([0-9]{1,19})\n"
              + "joined (true|false)\n"
              + "since ([0-9]{1,19})\n"
              + "((?:voter [A-Za-z0-9._-]{1,64} [0-9A-Za-z.:\\[\\]%_-]{3,80}\n"
              + ")*)");

  /** Drawn for a new directory, read from an old one; written before this returns. */
  static Papers atStart(Path file, String cluster, Terms terms) throws IOException {
    SecureRandom random = new SecureRandom();
    Papers old = Files.exists(file) ? read(file, cluster) : null;
    long start = random.nextLong(Long.MAX_VALUE);
    Papers now =
        old == null
            ? new Papers(
                cluster,
                "",
                HexFormat.of().toHexDigits(random.nextLong()),
                start,
                terms,
                0,
                false,
                new TreeMap<>(),
                0)
            : new Papers(
                cluster,
                old.id,
                old.stateId,
                start,
                terms,
                old.incarnation,
                false,
                old.voters,
                old.since);
    now.write(file);
    return now;
  }

  /** Throws IOException when they cannot be read or are another cluster's, with what to do. */
  static Papers read(Path file, String cluster) throws IOException {
    List<String> lines = Files.readAllLines(file);
    String text = String.join("\n", lines.subList(Math.min(1, lines.size()), lines.size())) + "\n";
    Matcher read = TEXT.matcher(text);
    if (!lines.isEmpty() && lines.getFirst().equals(OLDER)) {
      throw new IOException(
          file
              + " was written by an older Hamlet, which counted the cluster's log in another way;"
              + " nothing was changed: go on with that version, or set the cluster up anew, each"
              + " node with another --state");
    }
    if (lines.isEmpty() || !lines.getFirst().equals(TITLE) || !read.matches()) {
      throw new IOException(
          file + " is damaged; stop the node, remove the file and start the node again");
    }
    if (!read.group(1).equals(cluster)) {
      throw new IOException(
          file
              + " says that this node is of the cluster '"
              + read.group(1)
              + "', not '"
              + cluster
              + "'; use another --state, or remove it and "
              + file.resolveSibling("consensus"));
    }
    return new Papers(
        cluster,
        read.group(2),
        read.group(3),
        Long.parseLong(read.group(4)),
        terms(read.group(5), read.group(6), read.group(7)),
        Long.parseLong(read.group(8)),
        Boolean.parseBoolean(read.group(9)),
        voters(read.group(11)),
        Long.parseLong(read.group(10)));
  }

  /** Without the last two there was no grace, and who led went by its own rule. */
  private static Terms terms(String lease, String grace, String fencing) {
    return new Terms(
        Long.parseLong(lease),
        grace == null ? 0 : Long.parseLong(grace),
        fencing == null ? FenceRule.NONE : FenceRule.valueOf(fencing));
  }

  private static SortedMap<String, String> voters(String lines) {
    TreeMap<String, String> voters = new TreeMap<>();
    for (String line : lines.lines().toList()) {
      String[] words = line.split(" ");
      voters.put(words[1], words[2]);
    }
    return voters;
  }

  /** Another start, without a new process: the one before was fenced. */
  Papers anew() {
    long another = new SecureRandom().nextLong(Long.MAX_VALUE);
    return new Papers(cluster, id, stateId, another, terms, incarnation, joined, voters, since);
  }

  Papers withId(String known) {
    return new Papers(cluster, known, stateId, start, terms, incarnation, joined, voters, since);
  }

  Papers withVoters(Map<String, String> known, long from) {
    return new Papers(
        cluster, id, stateId, start, terms, incarnation, joined, new TreeMap<>(known), from);
  }

  Papers withIncarnation(long given) {
    return new Papers(cluster, id, stateId, start, terms, given, true, voters, since);
  }

  /** On the disk when this returns. */
  void write(Path file) throws IOException {
    String text =
        String.join(
            "\n",
            TITLE,
            "cluster " + cluster,
            "id " + id,
            "state " + stateId,
            "start " + start,
            "lease " + terms.lease(),
            "grace " + terms.grace(),
            "fencing " + terms.fencing(),
            "incarnation " + incarnation,
            "joined " + joined,
            "since " + since,
            "");
    StringBuilder all = new StringBuilder(text);
    voters.forEach((node, at) -> all.append("voter %s %s\n".formatted(node, at)));
    Durable.replace(file, all.toString().getBytes(StandardCharsets.UTF_8));
  }
}
