package io.hamlet.it.vote;

import io.hamlet.it.live.HostKeys;
import io.hamlet.it.sim.VoteHistory;
import io.hamlet.manager.consensus.RatisVoter;
import io.hamlet.manager.consensus.VoterConfig;
import io.hamlet.manager.port.Consensus.Machine;
import io.hamlet.manager.port.Consensus.NotLeader;
import io.hamlet.manager.port.Consensus.Voter;
import io.hamlet.manager.tls.KeyFiles;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;

/**
 * One voter and nothing else: {@code NODE DIRECTORY a=HOST:PORT ...}. Reads {@code NUMBER COMMAND}
 * lines, and writes a line for each thing that happens.
 */
public final class VoterProcess implements Machine {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final String KEYS = "VOTE_KEYS";

  private final PrintStream out;
  private final VoteHistory history = new VoteHistory();

  private VoterProcess(PrintStream out) {
    this.out = out;
  }

  public static void main(String[] arguments) throws IOException {
    VoterProcess machine = new VoterProcess(System.out);
    List<Voter> founders = new ArrayList<>();
    for (int i = 2; i < arguments.length; i++) {
      String[] pair = arguments[i].split("=");
      founders.add(new Voter(pair[0], pair[1]));
    }
    Voter self =
        founders.stream().filter(f -> f.node().equals(arguments[0])).findFirst().orElseThrow();
    VoterConfig config =
        VoterConfig.of("vote", self.node(), self.address(), founders, Path.of(arguments[1]), keys())
            .snapshotEvery(Integer.getInteger("snapshot", 200));
    try (RatisVoter voter = RatisVoter.start(config, machine)) {
      machine.serve(voter);
    } catch (IOException e) {
      machine.say("refused " + e.getMessage());
      System.exit(3);
    }
    System.exit(0);
  }

  /** Words before its command by which it has these. */
  static List<String> with(HostKeys keys) {
    List<Path> files = List.of(keys.certificate(), keys.certificateKey(), keys.authority());
    String words = String.join(":", files.stream().map(Path::toString).toList());
    return List.of("env", KEYS + "=" + words);
  }

  /** Null: none. */
  private static KeyFiles keys() throws IOException {
    String words = System.getenv(KEYS);
    if (words == null) {
      return null;
    }
    List<Path> files = Stream.of(words.split(":")).map(Path::of).toList();
    return KeyFiles.read(files.get(0), files.get(1), files.get(2));
  }

  private void serve(RatisVoter voter) throws IOException {
    say("started");
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String number = line.substring(0, line.indexOf(' '));
      String command = line.substring(line.indexOf(' ') + 1);
      voter
          .propose(command.getBytes(StandardCharsets.UTF_8), TIMEOUT)
          .whenComplete((index, error) -> say(answer(number, index, error)));
    }
  }

  private static String answer(String number, Long index, Throwable error) {
    if (error == null) {
      return "done " + number + " " + index;
    }
    Throwable cause = error instanceof CompletionException ? error.getCause() : error;
    return (cause instanceof NotLeader ? "not " : "unknown ") + number + " " + cause.getMessage();
  }

  private void say(String line) {
    synchronized (out) {
      out.println(line);
      out.flush();
    }
  }

  @Override
  public void committed(long index, long term, byte[] command) {
    history.committed(index, term, command);
    say("at " + index + " " + term + " " + new String(command, StandardCharsets.UTF_8));
    faults();
  }

  private void faults() {
    history.faults().forEach(f -> say("fault " + f));
  }

  @Override
  public byte[] snapshot() {
    return history.snapshot();
  }

  @Override
  public void restore(long index, byte[] snapshot) {
    history.restore(index, snapshot);
    say("restored " + index);
    String text = new String(snapshot, StandardCharsets.UTF_8);
    text.lines().forEach(line -> say("at " + line));
    faults();
  }

  @Override
  public void leaderChanged(String node, long term, boolean own) {
    say("leader " + node + " " + term + " " + own);
  }

  @Override
  public void failed(String why) {
    say("failed " + why);
  }
}
