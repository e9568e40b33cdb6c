package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.client.Command;
import io.hamlet.client.Condition;
import io.hamlet.client.ConditionSpec;
import io.hamlet.client.ConditionType;
import io.hamlet.client.Deed;
import io.hamlet.client.Entity;
import io.hamlet.client.Event;
import io.hamlet.client.EventStream;
import io.hamlet.client.Flag;
import io.hamlet.client.Rearm;
import io.hamlet.client.TreeObject;
import io.hamlet.client.WatchSpec;
import io.hamlet.client.Watched;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * A multistage recovery on real processes, told once without a crash, and then with a real kill at
 * many of its places. The simulator does the same at all of them (EveryCrashPointTest).
 */
class CrashPointsIT {
  private static final int KILLS = 20;

  /** The service twice, and three commands. */
  private static final int RUNS = 5;

  /** Since the death: of the first command, of the entity, of the two commands after it. */
  private static final String GO = "after perform Go ";

  private static final String GO_OF_ENTITY = GO + 2;
  private static final String LAST_GO = GO + 4;

  @TempDir Path directory;

  @TestFactory
  Collection<DynamicTest> aKillAnywhereEndsLikeNone() throws Exception {
    Needs.program("python3");
    Told calm = tell("calm", "");
    assertThat(calm.flagged()).isEmpty();
    assertThat(calm.failures()).isZero();
    List<String> places = calm.passed();
    assertThat(places).hasSizeGreaterThan(2 * KILLS);
    Stream<String> spread =
        IntStream.range(0, KILLS).mapToObj(i -> places.get(i * places.size() / KILLS));
    return Stream.concat(spread, places.stream().filter(p -> p.startsWith(GO)))
        .distinct()
        .map(place -> DynamicTest.dynamicTest("killed " + place, () -> compare(calm, place)))
        .toList();
  }

  private void compare(Told calm, String place) throws Exception {
    Told killed = tell(place.replace(' ', '-'), place);
    assertThat(killed.passed()).as("it died there").endsWith(place);
    assertThat(killed.failures()).isEqualTo(1);
    assertThat(killed.outline()).isEqualTo(calm.outline());
    assertThat(killed.ran()).isEqualTo(calm.ran());
    assertThat(killed.nudges()).isBetween(1L, 1 + killed.repeats());
    if (place.equals(LAST_GO)) {
      // The command before it, in the other lane, may not have been answered yet.
      assertThat(killed.flagged()).as("of unknown outcome").isNotEmpty().doesNotHaveDuplicates();
      assertThat(killed.flagged()).isSubsetOf("svc/dead/mount", "svc/back/page");
    } else if (place.startsWith(GO) && !place.equals(GO_OF_ENTITY)) {
      assertThat(killed.flagged()).as("of unknown outcome").hasSize(1);
    }
  }

  /**
   * What must not depend on a kill, and what may.
   *
   * @param outline the tree without pids and times
   * @param ran the programs that ran, sorted
   * @param nudges signals that arrived
   * @param repeats signals that were told to be sent again
   * @param flagged paths of commands that were told to be of unknown outcome
   */
  private record Told(
      List<String> outline,
      List<String> ran,
      long nudges,
      long repeats,
      List<String> flagged,
      long failures,
      List<String> passed) {}

  private Told tell(String name, String place) throws Exception {
    Path home = Files.createDirectories(directory.resolve(name));
    MortalJdk jdk = new MortalJdk(Files.createDirectory(home.resolve("jdk")), place);
    LiveNode node = LiveNode.start(home.resolve("node"), "mortal", jdk.environment());
    Process nudged = nudged(home);
    try {
      Entity service = service(node, home, nudged.pid());
      Files.delete(home.resolve("ready"));
      Proc.signal("KILL", service.pid());
      Until.isTrue("the recovery is over", () -> isOver(node));
      // Neither commands nor the receiver of a signal are awaited by the recovery.
      Until.isTrue("all have written", () -> lines(home.resolve("ran")) >= RUNS);
      Until.isTrue("the signal has arrived", () -> lines(home.resolve("nudges")) >= 1);
      assertThat(Proc.isAlive(node.pid("svc"))).isTrue();
      List<Event> events = events(node);
      return new Told(
          outline(node),
          Files.readAllLines(home.resolve("ran")).stream().sorted().toList(),
          lines(home.resolve("nudges")),
          events.stream().filter(e -> e.event().equals("repeat")).count(),
          unknown(events),
          node.ham().status().ham().failures(),
          jdk.passed());
    } catch (AssertionError e) {
      throw new AssertionError(place + ": " + Files.readString(node.output()), e);
    } finally {
      node.close();
      nudged.destroyForcibly();
    }
  }

  /** A process that writes down each SIGUSR1; it is there when this returns. */
  private static Process nudged(Path home) throws IOException {
    String listen =
        """
        import signal, sys
        def nudge(*_):
            with open(sys.argv[1], 'a') as f:
                f.write('nudge\\n')
        signal.signal(signal.SIGUSR1, nudge)
        print('ready', flush=True)
        while True:
            signal.pause()
        """;
    Process process =
        new ProcessBuilder("/usr/bin/python3", "-c", listen, home.resolve("nudges").toString())
            .start();
    assertThat(process.inputReader().readLine()).isEqualTo("ready");
    return process;
  }

  private static Entity service(LiveNode node, Path home, long nudged) throws Exception {
    Path ready = home.resolve("ready");
    Entity service =
        node.ham()
            .attach("svc", shell("echo svc >>" + home + "/ran; : >" + ready + "; exec sleep 1000"));
    Until.isTrue("the service is ready", () -> Files.exists(ready));
    Condition death = service.condition("dead", ConditionSpec.death().rearm(Rearm.ON));
    death.action("clean", note(home, "clean"), Rearm.ON);
    death.action("settle", Deed.waitFor(Duration.ofMillis(50)), Rearm.ON);
    death.action("again", Deed.restart(), Rearm.ON);
    death.action("ready", Deed.waitFor(ready, Duration.ofSeconds(20)), Rearm.ON);
    death.action("nudge", Deed.signal(nudged, 10), Rearm.ON);
    death.action("mount", note(home, "mount"), Rearm.ON);
    death.action("told", Deed.log("svc is back"), Rearm.ON);
    Condition back =
        service.condition(
            "back", ConditionSpec.of(ConditionType.RESTART).with(Flag.OfCondition.INDEPENDENT));
    back.action("page", note(home, "page"), Rearm.ON);
    return service;
  }

  private static Command shell(String script) {
    return Command.of("/bin/sh", "-c", script);
  }

  private static Deed note(Path home, String word) {
    return Deed.execute("/bin/sh", "-c", "echo " + word + " >>" + home + "/ran");
  }

  private static boolean isOver(LiveNode node) throws Exception {
    List<String> done =
        events(node).stream()
            .filter(e -> e.event().equals("action-done"))
            .map(Event::path)
            .toList();
    return done.contains("svc/dead/told") && done.contains("svc/back/page");
  }

  private static List<Event> events(LiveNode node) throws InterruptedException {
    List<Event> events = new ArrayList<>();
    try (EventStream stream = node.ham().watch(WatchSpec.ALL.from("0").noFollow())) {
      for (Watched w = stream.next(); w != null; w = stream.next()) {
        if (w instanceof Event e) {
          events.add(e);
        }
      }
    }
    return events;
  }

  private static List<String> unknown(List<Event> events) {
    Stream<Event> flagged = events.stream().filter(e -> e.reason().equals("outcome unknown"));
    return flagged.map(Event::path).toList();
  }

  private static List<String> outline(LiveNode node) throws InterruptedException {
    List<String> lines = new ArrayList<>();
    for (TreeObject o : node.ham().read("", -1).objects()) {
      lines.add(
          o.path() + " " + o.type() + " " + o.state() + " " + o.restarts() + " " + o.deaths());
    }
    return lines;
  }

  private static long lines(Path file) throws IOException {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.count();
    }
  }
}
