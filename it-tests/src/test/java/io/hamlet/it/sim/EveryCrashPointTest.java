package io.hamlet.it.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.model.Exit;
import io.hamlet.core.recovery.Entry;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.it.check.Outline;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * One story with a multistage recovery, told once without a crash and then once for each place
 * where the manager can be killed, and for more kills in a row there. The world judges each run by
 * itself too: what ran and what is counted, what is told of signals and of commands in doubt.
 */
class EveryCrashPointTest {
  private record Told(World world, CrashPoints crashes) {}

  @Test
  void aCrashAnywhereEndsLikeNone() {
    Told calm = tell(-1, 0);
    String wanted = outline(calm.world());
    int places = calm.crashes().count();
    assertThat(places).isGreaterThan(200);
    for (int place = 0; place < places; place++) {
      Told crashed = tell(place, 1);
      assertThat(outline(crashed.world()))
          .as("killed %s (place %d)", crashed.crashes().name(place), place)
          .isEqualTo(wanted);
    }
  }

  @Test
  void thereIsAPlaceBeforeAndAfterEachAppendAndEachEffect() {
    CrashPoints calm = tell(-1, 0).crashes();
    List<String> before = new ArrayList<>();
    List<String> after = new ArrayList<>();
    Set<String> deeds = new TreeSet<>();
    for (int place = 0; place < calm.count(); place++) {
      String[] words = calm.name(place).split(" ", 2);
      (words[0].equals("before") ? before : after).add(words[1]);
      deeds.add(words[1].split(" ")[0]);
    }
    assertThat(before).containsExactlyElementsOf(after);
    assertThat(deeds).contains("append", "prepare", "go", "watch", "signal", "await", "log");
  }

  @Test
  void theCrashesReachWhatTheyAreFor() {
    int neverRan = 0;
    int settled = 0;
    int resent = 0;
    int places = tell(-1, 0).crashes().count();
    for (int place = 0; place < places; place++) {
      for (Entry entry : tell(place, 1).world().log()) {
        neverRan += entry.event() instanceof HamEvent.NeverRan ? 1 : 0;
      }
      List<String> told = tell(place, 1).world().told();
      settled += told.contains("action-done outcome unknown") ? 1 : 0;
      resent += told.contains("repeat signal 10") ? 1 : 0;
    }
    assertThat(neverRan).as("starts that never ran").isPositive();
    assertThat(settled).as("commands in doubt").isPositive();
    assertThat(resent).as("signals sent again").isPositive();
  }

  @Test
  void threeCrashesInARowEndLikeNone() {
    Told calm = tell(-1, 0);
    String wanted = outline(calm.world());
    for (int place = 0; place < calm.crashes().count(); place += 3) {
      Told crashed = tell(place, 3);
      assertThat(outline(crashed.world()))
          .as("killed three times from %s (place %d)", crashed.crashes().name(place), place)
          .isEqualTo(wanted);
    }
  }

  private static Told tell(int from, int times) {
    CrashPoints crashes = new CrashPoints(n -> from >= 0 && n >= from && n < from + times);
    World world = new World(5, FaultPlan.NONE, crashes);
    world.entity("db");
    world.entity("web");
    world.killAt(20, "db", Exit.signaled(11, true));
    world.killAt(20, "web", Exit.signaled(9, false));
    world.killAt(30, "web", Exit.exited(3));
    world.killAt(40, "db", Exit.UNKNOWN);
    assertThat(world.run()).as("killed at place %d", from).isEmpty();
    return new Told(world, crashes);
  }

  /** What must not depend on the crash: the tree, and how often each program ran. */
  private static String outline(World world) {
    return Outline.of(world.state())
        + "clean "
        + world.starts("/bin/clean")
        + ", mount "
        + world.starts("/bin/mount")
        + ", page "
        + world.starts("/bin/page")
        + ", signals "
        + world.signals();
  }
}
