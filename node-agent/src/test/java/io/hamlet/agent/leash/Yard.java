package io.hamlet.agent.leash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hamlet.agent.os.Kernel;
import io.hamlet.agent.os.SpawnRequest;
import io.hamlet.agent.os.SpawnRequest.Given;
import io.hamlet.agent.os.ffm.FfmKernel;
import io.hamlet.agent.process.ProcFiles;
import io.hamlet.agent.process.Workplace;
import io.hamlet.core.lease.LeaseTimes;
import io.hamlet.manager.lease.LeaseKey;
import io.hamlet.manager.lease.LeaseSocket;
import io.hamlet.manager.lease.LeashSecret;
import io.hamlet.manager.port.Hearing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Real cgroups, processes that stand for managers and entities, and a voter that listens. */
final class Yard implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(30);
  static final String NODE = "n1";
  static final long INCARNATION = 7;

  private static final AtomicInteger NUMBER = new AtomicInteger();

  final FfmKernel kernel = new FfmKernel();
  final ProcFiles proc = new ProcFiles(kernel);
  final Path root;
  final Cordon cordon;
  final LeaseSocket voter;
  final List<String> heard = new CopyOnWriteArrayList<>();
  volatile long heardAt;
  private final List<Long> ours = new ArrayList<>();

  /** Skips the test where there are no cgroups, unless they were called for. */
  Yard(Path directory) throws IOException {
    String name = "leash-" + ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet();
    root = Workplace.of(directory, directory, name, List.of()).cgroups();
    boolean required =
        List.of(System.getProperty("hamlet.it.require", "").split(",")).contains("cgroup");
    assertThat(root != null || !required).as("cgroup v2 must be writable").isTrue();
    Assumptions.assumeTrue(root != null, "cgroup v2 is not writable here");
    cordon = Cordon.within(root, root.resolve("pair-1"));
    voter =
        LeaseSocket.open(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            new LeaseSocket.Setting(
                "voter",
                LeaseKey.of(new byte[0], "village"),
                LeaseTimes.DEFAULT,
                () -> kernel.now()),
            node -> List.of(),
            new Deaf(),
            notice -> heard.add("refused"));
    voter
        .desk()
        .obituaries(
            (node, incarnation, all) -> {
              heardAt = heardAt == 0 ? kernel.bootNanos() : heardAt;
              heard.add(node + " " + incarnation + (all ? " all" : " stopped"));
            });
  }

  /** A leash whose hash is committed, and that knows the voter. */
  LeashMaker.Made leash(Cordon of, Duration longest, long generation) {
    LeashSecret secret = LeashSecret.draw(new SecureRandom());
    LeashMaker maker = new LeashMaker(kernel, of, NODE, longest.toNanos());
    LeashMaker.Made made = maker.make(INCARNATION, generation, secret);
    ours.add(made.process().pid());
    voter.desk().leashed(NODE, INCARNATION, generation, secret.hash());
    assertThat(made.rein().say("V " + address())).isTrue();
    return made;
  }

  LeashMaker.Made leash() {
    return leash(cordon, Duration.ofSeconds(20), 1);
  }

  private String address() {
    try {
      InetSocketAddress at = voter.address();
      return at.getAddress().getHostAddress() + "/" + at.getPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  InetSocketAddress voterAddress() throws IOException {
    return voter.address();
  }

  /** Stands for a manager: has an end of the pipe, and lives in the cgroup of the pair. */
  long manager(LeashMaker.Made leash) {
    return start(
        cordon.pair(), List.of(new Given(leash.rein().descriptor(), 5)), "exec sleep 1000");
  }

  /** A shell in a cgroup. */
  long entity(Path cgroup, String script) {
    return start(cgroup, List.of(), script);
  }

  /** It is in its cgroup before it runs a line of its script. */
  private long start(Path cgroup, List<Given> given, String script) {
    long pid =
        kernel.spawn(
            new SpawnRequest(
                "/bin/sh",
                List.of("sh", "-c", "kill -STOP $$; " + script),
                List.of("PATH=/usr/bin:/bin:/usr/sbin"),
                given));
    assertThat(pid).isPositive();
    ours.add(pid);
    await().atMost(PATIENCE).until(() -> proc.stat(pid).state() == 'T');
    Cordon.move(proc, pid, cgroup);
    kernel.kill(pid, Kernel.SIGCONT);
    return pid;
  }

  boolean lives(long pid) {
    ProcFiles.Stat stat = proc.stat(pid);
    return stat != null && !stat.isDead();
  }

  void awaitDead(long... pids) {
    for (long pid : pids) {
      await().atMost(PATIENCE).until(() -> !lives(pid));
    }
  }

  void awaitHeard(String words) {
    await().atMost(PATIENCE).until(() -> heard.contains(words));
  }

  /** Until a leash has read all lines, and waits. */
  void awaitQuiet(LeashMaker.Made leash) {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                kernel.unread(leash.rein().descriptor()) == 0
                    && proc.stat(leash.process().pid()).state() == 'S');
  }

  /** Until its lines are read. */
  void awaitRead(Rein rein) {
    await().atMost(PATIENCE).until(() -> kernel.unread(rein.descriptor()) == 0);
  }

  /** Until that moment of CLOCK_BOOTTIME is well past. */
  void awaitPast(long bootNanos) {
    await().atMost(PATIENCE).until(() -> kernel.bootNanos() > bootNanos + 300_000_000L);
  }

  long in(Duration span) {
    return kernel.bootNanos() + span.toNanos();
  }

  void stop(long pid) {
    kernel.kill(pid, 19);
    await().atMost(PATIENCE).until(() -> proc.stat(pid).state() == 'T');
  }

  @Override
  public void close() throws IOException {
    voter.close();
    for (long pid : ours) {
      kernel.kill(pid, Kernel.SIGKILL);
    }
    proc.write(root.resolve("cgroup.kill").toString(), "1");
    await().atMost(PATIENCE).until(() -> proc.read(root + "/cgroup.events").contains("ed 0"));
    ours.forEach(kernel::reap);
    try (Stream<Path> all = Files.walk(root)) {
      for (Path each : all.filter(Files::isDirectory).sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  private static final class Deaf implements Hearing.Listener {
    @Override
    public void silent(String node, long incarnation) {}

    @Override
    public void heardAgain(String node, long incarnation) {}
  }
}
