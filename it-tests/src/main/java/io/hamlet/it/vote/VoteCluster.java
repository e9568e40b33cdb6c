package io.hamlet.it.vote;

import io.hamlet.it.live.HostKeys;
import io.hamlet.it.live.Hosts;
import io.hamlet.it.live.Ports;
import io.hamlet.it.live.Until;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Voters as processes on loopback, under load or not. */
public final class VoteCluster implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** On a host of its own. */
  private static final int PORT = 4228;

  private final Path directory;
  private final List<String> names;
  private final List<String> founders = new ArrayList<>();
  private final Map<String, List<String>> prefixes = new TreeMap<>();
  private final Map<String, LiveVoter> voters = new TreeMap<>();
  private final VoteLedger ledger = new VoteLedger();
  private final List<Thread> writers = new ArrayList<>();
  private final AtomicLong numbers = new AtomicLong();
  private volatile boolean isLoaded;

  private VoteCluster(Path directory, List<String> names) {
    this.directory = directory;
    this.names = names;
  }

  /** On loopback, in clear text. */
  public static VoteCluster local(Path directory, List<String> names) throws IOException {
    VoteCluster cluster = new VoteCluster(directory, names);
    for (String name : names) {
      cluster.founders.add(name + "=127.0.0.1:" + Ports.freeRange());
    }
    return cluster.begin();
  }

  /** On a host each, the first ones, with TLS. */
  public static VoteCluster remote(Hosts hosts, HostKeys keys, Path directory, List<String> names)
      throws IOException {
    VoteCluster cluster = new VoteCluster(directory, names);
    for (int host = 0; host < names.size(); host++) {
      List<String> prefix = new ArrayList<>(hosts.enter(host));
      prefix.addAll(VoterProcess.with(keys));
      cluster.prefixes.put(names.get(host), prefix);
      cluster.founders.add(names.get(host) + "=" + hosts.address(host) + ":" + PORT);
    }
    return cluster.begin();
  }

  private VoteCluster begin() throws IOException {
    for (String name : names) {
      start(name);
    }
    return this;
  }

  /** Starts it, or starts it again. */
  public LiveVoter start(String name) throws IOException {
    return start(name, storage(name), founders);
  }

  /** With another storage, or other addresses. */
  public LiveVoter start(String name, Path storage, List<String> others) throws IOException {
    List<String> words = new ArrayList<>(prefixes.getOrDefault(name, List.of()));
    words.addAll(LiveVoter.command(name, storage, others));
    LiveVoter made = new LiveVoter(name, ledger, words, directory.resolve(name + ".log"));
    voters.put(name, made);
    return made;
  }

  public Path storage(String name) {
    return directory.resolve(name).resolve("consensus");
  }

  public List<String> founders() {
    return founders;
  }

  public LiveVoter voter(String name) {
    return voters.get(name);
  }

  public VoteLedger ledger() {
    return ledger;
  }

  /** Who says to lead in the highest term; null: nobody. */
  public LiveVoter leader() {
    return voters.values().stream()
        .filter(v -> v.leadingTerm() > 0)
        .max(Comparator.comparingLong(LiveVoter::leadingTerm))
        .orElse(null);
  }

  /** Waits for a leader that is not the one. */
  public LiveVoter leaderOtherThan(LiveVoter old) {
    LiveVoter[] found = new LiveVoter[1];
    await(
        "another leader",
        () -> {
          found[0] = leader();
          return found[0] != null && found[0] != old;
        });
    return found[0];
  }

  /** Waits until a new command is acknowledged. */
  public void progress() {
    String mark = "progress" + numbers.incrementAndGet() + "-";
    await(
        "a command is acknowledged",
        () -> {
          LiveVoter leader = leader();
          return leader != null
              && answer(leader.propose(mark + numbers.incrementAndGet())).index() > 0;
        });
  }

  /** Waits until all that was acknowledged is at each of them. */
  public void converged() {
    progress();
    for (String name : names) {
      await(name + " has everything", () -> ledger.missing(name).isEmpty());
    }
  }

  /** In vain it tells how each voter is. */
  private void await(String what, Callable<Boolean> fact) {
    try {
      Until.isTrue(what, LIMIT, fact);
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + "; there are " + voters.values(), e);
    }
  }

  /** Writes from some threads until {@link #calm}. */
  public void load(int threads) {
    isLoaded = true;
    for (int i = 0; i < threads; i++) {
      writers.add(Thread.ofVirtual().start(this::write));
    }
  }

  private void write() {
    while (isLoaded) {
      LiveVoter leader = leader();
      if (leader == null) {
        LockSupport.parkNanos(5_000_000);
      } else {
        answer(leader.propose("load" + numbers.incrementAndGet()));
      }
    }
  }

  public void calm() {
    isLoaded = false;
    for (Thread writer : writers) {
      try {
        writer.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    writers.clear();
  }

  /** A frozen voter answers nothing; whoever asked it gives up. */
  private static LiveVoter.Answer answer(CompletableFuture<LiveVoter.Answer> question) {
    return question
        .completeOnTimeout(new LiveVoter.Answer(0, "unknown: nothing"), 3, TimeUnit.SECONDS)
        .join();
  }

  @Override
  public void close() {
    isLoaded = false;
    voters.values().forEach(LiveVoter::kill);
    calm();
  }
}
