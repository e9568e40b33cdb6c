package io.hamlet.agent.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.client.RecoveryPolicy;
import io.hamlet.client.SamEnd;
import io.hamlet.client.SamProgram;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What is told of a program, when all that the manager says comes, and when only some of it does.
 */
class CourseTest {
  private final List<String> heard = new ArrayList<>();
  private final Course course = new Course(new Heard(), false, true, pid -> {});

  /** Writes down what it hears. */
  private final class Heard implements Supervisor.Listener {
    @Override
    public void began(long instance, long pid, boolean isSupervised, boolean isTakenUp) {
      heard.add(instance + (isTakenUp ? " runs on" : " runs"));
    }

    @Override
    public void started() {
      heard.add("started");
    }

    @Override
    public void warned(String why) {
      heard.add("warned " + why);
    }

    @Override
    public void dying() {
      // What it said before is heard elsewhere.
    }

    @Override
    public void ended(long instance, String how, boolean byItself, int status) {
      heard.add(instance + " ended " + how + (byItself ? " by itself" : ""));
    }

    @Override
    public void over(int status, String why) {
      heard.add("over " + status + " " + why);
    }

    @Override
    public void told(String line) {
      heard.add(line);
    }
  }

  private static SamProgram program(String state, long instance, SamEnd end) {
    boolean runs = !List.of("recovering", "ended", "failed").contains(state);
    return new SamProgram(
        "n",
        state,
        runs ? 1000 + instance : 0,
        instance,
        Duration.ZERO,
        RecoveryPolicy.RESTART,
        "",
        Duration.ZERO,
        0,
        end,
        Map.of());
  }

  private static SamEnd end(long instance, String cause) {
    return new SamEnd(instance, cause, "exit 1", 1);
  }

  private static final String GIVEN_UP =
      "over 1 given up: it cannot be started, or was started too often";

  @Test
  void allOfItIsTold() {
    course.changed(program("started", 1, null));
    course.changed(program("recovering", 1, end(1, "exited")));
    course.changed(program("started", 2, end(1, "exited")));
    course.changed(program("recovering", 2, end(2, "exited")));
    course.changed(program("failed", 2, end(2, "not-started")));
    assertThat(heard)
        .containsExactly(
            "1 runs",
            "started",
            "1 ended exit 1 (exited) by itself",
            "2 runs",
            "started",
            "2 ended exit 1 (exited) by itself",
            GIVEN_UP);
  }

  @Test
  void theLastInstanceIsToldThoughNoneWasSeen() {
    course.changed(program("failed", 3, end(3, "not-started")));
    assertThat(heard).containsExactly("3 ended exit 1", GIVEN_UP);
  }

  @Test
  void anInstanceThatNobodySawIsToldWhenTheNextRuns() {
    course.changed(program("started", 1, null));
    course.changed(program("started", 3, end(2, "silent")));
    course.changed(program("ended", 3, end(3, "exited")));
    assertThat(heard)
        .containsExactly(
            "1 runs",
            "started",
            "1 ended unknown",
            "2 ended exit 1 (silent)",
            "3 runs",
            "started",
            "3 ended exit 1 (exited) by itself",
            "over 1 ");
  }

  @Test
  void whatRecoversUnseenIsToldOnce() {
    course.changed(program("recovering", 2, end(2, "exited")));
    course.changed(program("recovering", 2, end(2, "exited")));
    course.changed(program("failed", 2, end(2, "not-started")));
    assertThat(heard).containsExactly("2 ended exit 1 (exited)", GIVEN_UP);
  }

  @Test
  void oneThatNeverRanHasNoEndOfAnInstance() {
    course.changed(program("failed", 0, new SamEnd(0, "not-started", "unknown", 1)));
    assertThat(heard).containsExactly(GIVEN_UP);
  }

  @Test
  void whatWasToldByAPredecessorIsNotToldAgain() {
    Course taken = new Course(new Heard(), true, true, pid -> {});
    taken.changed(program("started", 5, end(4, "silent")));
    taken.changed(program("recovering", 5, end(5, "silent")));
    assertThat(heard).containsExactly("5 runs on", "started", "5 ended exit 1 (silent)");
  }

  @Test
  void aKillIsToldOnlyOfAnInstanceThatWasSeen() {
    course.changed(program("killing", 1, null));
    course.endsWith(75);
    course.changed(program("ended", 1, end(1, "marked")));
    assertThat(heard)
        .containsExactly("1 runs", "is being killed", "1 ended exit 1 (marked)", "over 75 ");
  }
}
