package io.hamlet.it.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hamlet.it.TestAbreast;
import io.hamlet.it.sim.VoteHistory;
import io.hamlet.manager.port.Consensus;
import io.hamlet.manager.port.Consensus.NotLeader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/** What every consensus does, with three voters {@code a}, {@code b} and {@code c}. */
abstract class ConsensusContract {
  static final List<String> NAMES = List.of("a", "b", "c");
  static final Duration PATIENCE = Duration.ofSeconds(10);

  /** The voter of that name, as long as it runs. */
  protected abstract Consensus voter(String name);

  /** What the machine of that voter has seen in its newest run. */
  protected abstract VoteHistory history(String name);

  /** Kills it; its disk stays. */
  protected abstract void stop(String name) throws Exception;

  /** Starts it again with what is on its disk and a machine that knows nothing. */
  protected abstract void restart(String name) throws Exception;

  /** Lets time pass until that is true. */
  protected abstract void until(String awaited, Callable<Boolean> fact) throws Exception;

  @TestAbreast
  void anAcknowledgedCommandIsAtItsIndexEverywhere() throws Exception {
    String leader = leader(NAMES);
    long index = acknowledged(leader, "x");
    everywhere(NAMES, "x", index);
  }

  @TestAbreast
  void indicesRiseInTheOrderOfOneCallerAndNothingIsThereTwice() throws Exception {
    String leader = leader(NAMES);
    long before = 0;
    for (int i = 0; i < 50; i++) {
      long index = acknowledged(leader, "n" + i);
      assertThat(index).isGreaterThan(before);
      before = index;
    }
    everywhere(NAMES, "n49", before);
    for (String name : NAMES) {
      assertThat(history(name).commands()).doesNotHaveDuplicates().hasSize(50);
      assertThat(history(name).indices()).isSorted();
      assertThat(history(name).terms()).isSorted();
    }
  }

  @TestAbreast
  void whoDoesNotLeadRefusesAndNamesTheLeader() throws Exception {
    String leader = leader(NAMES);
    String other = others(leader).getFirst();
    until("the other knows the leader", () -> leader.equals(voter(other).leader()));

    CompletableFuture<Long> refused = voter(other).propose(bytes("y"), PATIENCE);

    until("an answer", refused::isDone);
    assertThatThrownBy(refused::join)
        .cause()
        .isInstanceOf(NotLeader.class)
        .hasMessageContaining(leader);
    acknowledged(leader, "z");
    until("z is there", () -> history(other).commands().contains("z"));
    assertThat(history(other).commands()).doesNotContain("y");
  }

  @TestAbreast
  void ofALeaderWhoDiesNothingAcknowledgedIsLost() throws Exception {
    String first = leader(NAMES);
    long index = acknowledged(first, "before");
    stop(first);
    List<String> left = others(first);

    String second = leader(left);
    long later = acknowledged(second, "after");

    assertThat(later).isGreaterThan(index);
    assertThat(second).isNotEqualTo(first);
    everywhere(left, "before", index);
    restart(first);
    everywhere(NAMES, "before", index);
    everywhere(NAMES, "after", later);
    assertThat(history(first).faults()).isEmpty();
  }

  @TestAbreast
  void withoutAMajorityNothingIsAcknowledgedAndWithOneItGoesOn() throws Exception {
    String leader = leader(NAMES);
    acknowledged(leader, "first");
    List<String> others = others(leader);
    stop(others.get(0));
    stop(others.get(1));

    CompletableFuture<Long> lonely = voter(leader).propose(bytes("lonely"), Duration.ofSeconds(1));
    until("an answer", lonely::isDone);
    assertThat(lonely).isCompletedExceptionally();

    restart(others.get(0));
    String next = leader(List.of(leader, others.get(0)));
    acknowledged(next, "together");
  }

  @TestAbreast
  void fromItsSnapshotAVoterContinuesWithEachCommandOnce() throws Exception {
    String leader = leader(NAMES);
    long last = 0;
    for (int i = 0; i < 100; i++) {
      last = acknowledged(leader, "s" + i);
    }
    String other = others(leader).getFirst();
    everywhere(NAMES, "s99", last);
    stop(other);
    restart(other);
    everywhere(NAMES, "s99", last);
    until("a snapshot was used", () -> history(other).restored() > 0);
    assertThat(history(other).commands()).hasSize(100).doesNotHaveDuplicates();
    assertThat(history(other).faults()).isEmpty();
  }

  @TestAbreast
  void aCommandThatIsTooLongChangesNothing() throws Exception {
    String leader = leader(NAMES);
    assertThatThrownBy(
            () -> voter(leader).propose(new byte[Consensus.MOST_BYTES + 1], Duration.ofSeconds(5)))
        .isInstanceOf(IllegalArgumentException.class);
    acknowledged(leader, "next");
  }

  @TestAbreast
  void votersAreNamedInOrder() throws Exception {
    leader(NAMES);
    for (String name : NAMES) {
      assertThat(voter(name).voters()).containsExactly("a", "b", "c");
    }
  }

  @TestAbreast
  void whoLeadsHasAppliedAllThatWasAcknowledgedBefore() throws Exception {
    String first = leader(NAMES);
    acknowledged(first, "old");
    stop(first);
    String second = leader(others(first));
    assertThat(history(second).commandsWhenLeading()).contains("old");
  }

  /** Waits until one of them leads. */
  final String leader(List<String> among) throws Exception {
    String[] found = new String[1];
    until(
        "a leader among " + among,
        () -> {
          for (String name : among) {
            if (history(name).isLeading()) {
              found[0] = name;
            }
          }
          return found[0] != null;
        });
    return found[0];
  }

  static List<String> others(String than) {
    return NAMES.stream().filter(n -> !n.equals(than)).toList();
  }

  final long acknowledged(String leader, String command) throws Exception {
    CompletableFuture<Long> answer = voter(leader).propose(bytes(command), PATIENCE);
    until(command + " is answered", answer::isDone);
    return answer.join();
  }

  final void everywhere(List<String> names, String command, long index) throws Exception {
    for (String name : names) {
      until(command + " is at " + name, () -> history(name).at(index) != null);
      assertThat(history(name).at(index)).isEqualTo(command);
    }
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
