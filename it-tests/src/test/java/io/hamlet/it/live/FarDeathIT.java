package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.client.Command;
import io.hamlet.client.Condition;
import io.hamlet.client.ConditionSpec;
import io.hamlet.client.Deed;
import io.hamlet.client.Entity;
import io.hamlet.client.Flag;
import io.hamlet.client.Ham;
import io.hamlet.client.Pulse;
import io.hamlet.client.PulseChannel;
import io.hamlet.core.model.Errand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A process dies on b, and somebody on a wants to know; asked for at a, at b, or at c. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FarDeathIT {
  private static final Duration LONG = Duration.ofSeconds(60);

  /** Waits for one realtime signal and writes its number, code and value. */
  private static final String LISTENER =
      """
      import ctypes, os, signal, struct, sys
      signal.pthread_sigmask(signal.SIG_BLOCK, [40])
      libc = ctypes.CDLL(None)
      wanted = ctypes.create_string_buffer(128)
      libc.sigemptyset(wanted)
      libc.sigaddset(wanted, 40)
      info = ctypes.create_string_buffer(128)
      open(sys.argv[1] + '.ready', 'w').close()
      while libc.sigwaitinfo(wanted, info) != 40:
          pass
      number, _, code = struct.unpack_from('iii', info)
      value, = struct.unpack_from('q', info, 24)
      with open(sys.argv[1] + '.part', 'w') as out:
          out.write('%d %d %d' % (number, code, value))
      os.rename(sys.argv[1] + '.part', sys.argv[1])
      """;

  @TempDir static Path directory;
  private LiveCluster cluster;

  @RegisterExtension final Evidence evidence = Evidence.ofAll(() -> cluster);

  @BeforeAll
  void start() {
    // A paused JVM of a node whose other one is dead is no loss.
    cluster = LiveCluster.start(directory, 3, "--lease", "6s");
  }

  @AfterAll
  void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void itsPulseHasCodeAndValueWhoeverIsAskedForIt() throws Exception {
    try (PulseChannel channel = ham("a").openChannel()) {
      for (String asked : List.of("a", "b", "c")) {
        Condition died = doomed("sdk-" + asked, ham(asked).connectNode("b"));
        died.action("tell", Deed.pulse(channel, 7, 1L << 40));
        end("sdk-" + asked);
        assertThat(channel.poll(LONG)).as("by %s", asked).isEqualTo(new Pulse(7, 1L << 40));

        String name = "cli-" + asked;
        cli(asked, "--node b attach " + name + " --keep-on-death -- /bin/sleep 1000");
        cli(asked, "condition b:" + name + "/died death");
        cli(
            asked,
            "action b:"
                + name
                + "/died/tell pulse --to-node a --pid "
                + ProcessHandle.current().pid()
                + " --channel "
                + channel.number()
                + " --pulse 8 --value 9");
        end(name);
        assertThat(channel.poll(LONG)).as("by ham at %s", asked).isEqualTo(new Pulse(8, 9));
      }
      assertThat(channel.poll(Duration.ofSeconds(1))).isNull();
    }
  }

  @Test
  void itsRealtimeSignalHasCodeAndValue() throws Exception {
    Path heard = directory.resolve("heard");
    String python = Needs.program("python3").toString();
    ham("a").attach("listener", Command.of(python, "-c", LISTENER, heard.toString()));
    Until.isTrue("it listens", () -> Files.exists(Path.of(heard + ".ready")));
    Condition died = doomed("signalled", ham("c").connectNode("b"));
    died.action("tell", new Deed.Signal("a", cluster.node("a").pid("listener"), 40, -7, 99));
    end("signalled");
    Until.isTrue("it heard", () -> Files.exists(heard));
    assertThat(Files.readString(heard)).isEqualTo("40 -7 99");
  }

  @Test
  void itIsToldThoughTheHamThereDiesToo() throws Exception {
    LiveNode b = cluster.node("b");
    try (PulseChannel channel = ham("a").openChannel()) {
      for (int round = 1; round <= 3; round++) {
        String name = "round" + round;
        doomed(name, ham("a").connectNode("b")).action("tell", Deed.pulse(channel, round, 2));
        long ham = b.hamPid();
        cluster.awaitGuard("b");
        // Before, together, after: the death is seen by either of the two.
        long process = b.pid(name);
        b.kill(
            switch (round) {
              case 1 -> List.of(ham, process);
              case 2 -> List.of(process, ham);
              default -> List.of(process);
            });
        if (round == 3) {
          b.kill(List.of(ham));
        }
        Pulse told = channel.poll(Duration.ofSeconds(20));
        assertThat(told)
            .as("round %d: %s", round, b.ham().why(name))
            .isEqualTo(new Pulse(round, 2));
      }
      assertThat(channel.poll(Duration.ofSeconds(2))).as("and no more").isNull();
    }
  }

  @Test
  void ofOneWhoIsAwayForTooLongTheAlternateRunsAndNothingElse() throws Exception {
    Path instead = directory.resolve("instead");
    try (PulseChannel channel = ham("a").openChannel()) {
      Condition died = doomed("late", ham("b"));
      died.action("tell", Deed.pulse(channel, 7, 42))
          .onFail("else", Deed.execute("/bin/sh", "-c", "echo>>" + instead + ";exec sleep 0"));
      List<Long> away = cluster.node("a").managers();
      // Nobody is asked while one that might be asked is frozen.
      long late = cluster.node("b").pid("late");
      long begin = System.nanoTime();
      try {
        Proc.signal("STOP", away);
        Proc.signal("KILL", late);
        Until.isTrue("the alternate ran", LONG, () -> Files.exists(instead));
        long span = Errand.SPAN.plus(Errand.MARGIN).toNanos();
        Until.isTrue("its time is over", () -> System.nanoTime() - begin > span);
      } finally {
        Proc.signal("CONT", away);
      }
      cluster.awaitAll("up");
      assertThat(channel.poll(Errand.SPAN)).as("the pulse, after its time").isNull();
      assertThat(Files.readAllLines(instead)).hasSize(1);
      // The channel itself is as good as before.
      doomed("another", ham("b")).action("tell", Deed.pulse(channel, 1, 2));
      end("another");
      assertThat(channel.poll(LONG)).isEqualTo(new Pulse(1, 2));
    }
  }

  private Ham ham(String node) {
    return cluster.node(node).ham();
  }

  /** A process on the node of that connection, with a condition on its death. */
  private static Condition doomed(String name, Ham there) throws InterruptedException {
    Entity entity =
        there.attach(name, Command.of("/bin/sleep", "1000"), Flag.OfEntity.KEEP_ON_DEATH);
    return entity.condition("died", ConditionSpec.death());
  }

  private void end(String name) throws InterruptedException {
    Proc.signal("KILL", cluster.node("b").pid(name));
  }

  private void cli(String asked, String line) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(LiveNode.program().toString()));
    command.addAll(List.of("--server", cluster.node(asked).address()));
    command.addAll(List.of(line.split(" ")));
    Said.run(command).is(0);
  }
}
