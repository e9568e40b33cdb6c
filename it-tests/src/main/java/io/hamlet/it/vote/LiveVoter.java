package io.hamlet.it.vote;

import io.hamlet.it.live.Proc;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** A voter in a JVM of its own. Thread-safe. */
public final class LiveVoter {
  /** What became of a proposal. Index 0: it failed. */
  public record Answer(long index, String words) {}

  private final String name;
  private final VoteLedger ledger;
  private final Path log;
  private final Process process;
  private final PrintStream in;
  private final Map<Long, CompletableFuture<Answer>> open = new ConcurrentHashMap<>();
  private final AtomicLong numbers = new AtomicLong();
  private final List<String> said = new CopyOnWriteArrayList<>();
  private volatile long leadingTerm;

  LiveVoter(String name, VoteLedger ledger, List<String> command, Path log) throws IOException {
    this.name = name;
    this.ledger = ledger;
    this.log = log;
    ledger.begins(name);
    process =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    in = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    Thread.ofVirtual().start(this::read);
  }

  /** The command that starts one, without a prefix. */
  static List<String> command(String name, Path directory, List<String> founders) {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(
        List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx96m", "-Xss256k", "-cp"));
    words.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    words.add(VoterProcess.class.getName());
    words.add(name);
    words.add(directory.toString());
    words.addAll(founders);
    return words;
  }

  private void read() {
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        heard(line);
      }
    } catch (IOException gone) {
      said.add("gone");
    }
    leadingTerm = 0;
    open.values().forEach(f -> f.complete(new Answer(0, "unknown: the process is gone")));
  }

  private void heard(String line) {
    String[] words = line.split(" ", 4);
    switch (words[0]) {
      case "at" -> ledger.seen(name, Long.parseLong(words[1]), words[3]);
      case "leader" -> leadingTerm = words[3].equals("true") ? Long.parseLong(words[2]) : 0;
      case "fault" -> ledger.fault(name, line);
      case "done" -> answer(words[1], Long.parseLong(words[2]), line);
      case "not", "unknown" -> answer(words[1], 0, line);
      default -> {
        if (words[0].equals("failed")) {
          leadingTerm = 0;
        }
        said.add(line);
      }
    }
  }

  private void answer(String number, long index, String line) {
    CompletableFuture<Answer> waiting = open.remove(Long.parseLong(number));
    if (waiting != null) {
      waiting.complete(new Answer(index, line));
    }
  }

  /** The command must have no line end, and be like no other. */
  public CompletableFuture<Answer> propose(String command) {
    long number = numbers.incrementAndGet();
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    open.put(number, answer);
    long asked = System.nanoTime();
    answer.thenAccept(
        a -> {
          if (a.index > 0) {
            ledger.acknowledged(command, a.index, asked, System.nanoTime());
          }
        });
    synchronized (in) {
      in.println(number + " " + command);
    }
    if (!process.isAlive()) {
      answer.complete(new Answer(0, "unknown: the process is gone"));
    }
    return answer;
  }

  /** All that is known of it, for whoever waits for it in vain. */
  @Override
  public String toString() {
    String life = isAlive() ? "alive" : "gone";
    String last;
    try (Stream<String> lines = Files.lines(log)) {
      List<String> all = lines.toList();
      last = String.join("\n", all.subList(Math.max(0, all.size() - 20), all.size()));
    } catch (IOException e) {
      last = "no log: " + e;
    }
    return "\n" + name + " " + life + ", leads in " + leadingTerm + ", said " + said + "\n" + last;
  }

  public String name() {
    return name;
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** In which term it says that it leads; 0: not. */
  public long leadingTerm() {
    return leadingTerm;
  }

  /** It said a line that begins like that. */
  public String said(String beginning) {
    return said.stream().filter(l -> l.startsWith(beginning)).findFirst().orElse(null);
  }

  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** By name, such as STOP. */
  public void signal(String signal) {
    Proc.signal(signal, process.pid());
  }
}
