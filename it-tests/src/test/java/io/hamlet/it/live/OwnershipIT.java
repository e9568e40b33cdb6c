package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.client.OwnerWatch;
import io.hamlet.client.Ownership;
import io.hamlet.client.Proof;
import io.hamlet.it.live.SoleProgram.Start;
import io.hamlet.it.live.Wounds.Fault;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a client is told of how long a node may run an entity of the cluster, and what becomes of
 * it.
 */
class OwnershipIT {
  @TempDir Path directory;
  private Siege siege;

  @RegisterExtension
  final Evidence evidence = Evidence.ofAll(() -> siege == null ? null : siege.cluster());

  @AfterEach
  void lift() {
    if (siege != null) {
      siege.close();
    }
  }

  /** Asked at the node itself, and at another. */
  @ParameterizedTest
  @EnumSource(names = {"CUT_OFF", "FROZEN"})
  void nobodyIsToldOfATimeInWhichItHasEnded(Fault fault) throws Exception {
    Needs.hosts();
    siege = new Siege(directory, "6s");
    siege.move("c");
    Start first = siege.owner("");
    try (OwnerWatch near = watch("c");
        OwnerWatch far = watch("a")) {
      List<OwnerWatch> both = List.of(near, far);
      for (OwnerWatch watch : both) {
        Until.isTrue("c owns it for a while", () -> isToldOf(first, watch.now()));
      }
      siege.befall("c", fault);
      long[] until = {both.stream().mapToLong(OwnershipIT::until).max().orElseThrow()};
      assertThat(until[0]).as("something is told of what is left").isGreaterThan(System.nanoTime());
      Until.isTrue(
          "it has ended, and not before " + until[0],
          () -> {
            both.forEach(watch -> until[0] = Math.max(until[0], until(watch)));
            return !Proc.isAlive(first.pid());
          });
      assertThat(System.nanoTime()).as("the end, and what was told").isGreaterThan(until[0]);
      assertThat(both).allMatch(watch -> watch.now().left().isZero());
      Start second = siege.owner("c");
      Until.isTrue("who follows it from afar hears", () -> isToldOf(second, far.now()));
      assertThat(Handover.why(siege.cluster().node(second.node()), "web"))
          .isIn(Handover.proved("c", Proof.LEASE), Handover.proved("c", Proof.OBITUARY));
    }
  }

  private OwnerWatch watch(String by) throws InterruptedException {
    return siege.cluster().node(by).ham().cluster().watchOwner("web");
  }

  private static boolean isToldOf(Start start, Ownership now) {
    return now.node().equals(start.node())
        && now.token() == start.token()
        && now.left().isPositive();
  }

  /** By System.nanoTime, which is read first, so that it is never taken for later than told. */
  private static long until(OwnerWatch watch) {
    long now = System.nanoTime();
    long left = watch.now().left().toNanos();
    return left == 0 ? Long.MIN_VALUE : now + left;
  }
}
