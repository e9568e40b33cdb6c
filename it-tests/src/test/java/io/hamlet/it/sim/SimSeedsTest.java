package io.hamlet.it.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Many seeds, each a rough minute of one node (models.md 3.5). */
class SimSeedsTest {
  private static final int SEEDS = Integer.getInteger("hamlet.sim.seeds", 300);

  @Test
  void everySeedEndsWell() {
    for (long seed = 1; seed <= SEEDS; seed++) {
      World world = World.rough(seed, FaultPlan.ROUGH);
      assertThat(world.run()).as("deploy/bin/sim --seed %d (%s)", seed, world.summary()).isEmpty();
    }
  }

  @Test
  void theSameSeedIsTheSameRun() {
    World one = World.rough(77, FaultPlan.ROUGH);
    World two = World.rough(77, FaultPlan.ROUGH);
    assertThat(one.run()).isEqualTo(two.run());
    assertThat(one.state()).isEqualTo(two.state());
    assertThat(one.summary()).isEqualTo(two.summary());
  }

  @Test
  void theWorldIsRough() {
    World world = World.rough(1, FaultPlan.ROUGH);
    world.run();
    assertThat(world.summary()).as("managers die in it").doesNotStartWith("1 managers");
  }
}
