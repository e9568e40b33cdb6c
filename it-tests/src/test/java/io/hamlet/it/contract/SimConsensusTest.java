package io.hamlet.it.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.it.sim.SimElectorate;
import io.hamlet.it.sim.VoteHistory;
import io.hamlet.manager.port.Consensus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SimConsensusTest extends ConsensusContract {
  private SimElectorate all = new SimElectorate(1, NAMES);
  private final Map<String, Consensus> running = new TreeMap<>();
  private final Map<String, VoteHistory> histories = new TreeMap<>();

  @BeforeEach
  void start() {
    all.calm();
    NAMES.forEach(this::restart);
  }

  /** What nobody was promised happens as well, and all that was promised holds. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void withBadMannersAllThatWasAcknowledgedIsThere(long seed) {
    all = new SimElectorate(seed, NAMES);
    NAMES.forEach(this::restart);
    Map<String, Long> acknowledged = new TreeMap<>();
    List<String> unknown = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      String command = "c" + i;
      String to = NAMES.get(i % 3);
      CompletableFuture<Long> answer = voter(to).propose(bytes(command), PATIENCE);
      until("an answer", answer::isDone);
      if (!answer.isCompletedExceptionally()) {
        acknowledged.put(command, answer.join());
      } else if (answer.exceptionNow() instanceof Consensus.Unknown) {
        unknown.add(command);
      }
      if (i % 40 == 39) {
        stop(to);
        restart(to);
      }
    }
    assertThat(acknowledged.size()).isGreaterThan(20);
    for (String name : NAMES) {
      acknowledged.forEach(
          (command, index) -> {
            until(command + " at " + name, () -> history(name).at(index) != null);
            assertThat(history(name).at(index)).isEqualTo(command);
          });
      assertThat(history(name).faults()).isEmpty();
    }
    List<String> strangers = new ArrayList<>(history("a").commands());
    strangers.removeAll(acknowledged.keySet());
    assertThat(unknown).containsAll(strangers);
  }

  @Test
  void bothKindsOfUnknownOccur() {
    int committed = 0;
    int lost = 0;
    for (long seed = 1; seed <= 40; seed++) {
      all = new SimElectorate(seed, NAMES);
      NAMES.forEach(this::restart);
      List<String> unknown = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        CompletableFuture<Long> answer = voter(NAMES.get(i % 3)).propose(bytes("u" + i), PATIENCE);
        until("an answer", answer::isDone);
        if (answer.isCompletedExceptionally()
            && answer.exceptionNow() instanceof Consensus.Unknown) {
          unknown.add("u" + i);
        }
      }
      for (int i = 0; i < 2_000; i++) {
        all.step();
      }
      List<String> there = history("a").commands();
      committed += (int) unknown.stream().filter(there::contains).count();
      lost += (int) unknown.stream().filter(u -> !there.contains(u)).count();
    }
    assertThat(committed).isPositive();
    assertThat(lost).isPositive();
  }

  @Test
  void theSameSeedIsTheSameRun() {
    assertThat(run(7)).isEqualTo(run(7)).isNotEqualTo(run(8));
  }

  /** As in production: 64 places to an entry, and entries of one command and of several. */
  @Test
  void commandsThatMeetAreOneEntry() {
    until("a leader", () -> voter("a").leader() != null);
    Consensus leader = voter(voter("a").leader());
    List<CompletableFuture<Long>> answers = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      answers.add(leader.propose(bytes("m" + i), PATIENCE));
    }
    answers.forEach(answer -> until("an answer", answer::isDone));
    List<Long> places = answers.stream().map(CompletableFuture::join).toList();
    assertThat(places).anyMatch(place -> place % 64 == 0).anyMatch(place -> place % 64 > 0);
    assertThat(places).doesNotHaveDuplicates();
  }

  private List<Long> run(long seed) {
    all = new SimElectorate(seed, NAMES);
    NAMES.forEach(this::restart);
    for (int i = 0; i < 100; i++) {
      CompletableFuture<Long> answer = voter(NAMES.get(i % 3)).propose(bytes("r" + i), PATIENCE);
      until("an answer", answer::isDone);
    }
    return history("a").indices();
  }

  @Override
  protected Consensus voter(String name) {
    return running.get(name);
  }

  @Override
  protected VoteHistory history(String name) {
    return histories.get(name);
  }

  @Override
  protected void stop(String name) {
    all.stop(name);
    running.remove(name);
    histories.put(name, new VoteHistory());
  }

  @Override
  protected void restart(String name) {
    histories.put(name, new VoteHistory());
    running.put(name, all.start(name, histories.get(name)));
  }

  @Override
  protected void until(String awaited, Callable<Boolean> fact) {
    try {
      for (int i = 0; i < 100_000; i++) {
        if (fact.call()) {
          return;
        }
        if (!all.step()) {
          break;
        }
      }
      assertThat(fact.call()).as(awaited).isTrue();
    } catch (Exception e) {
      throw new AssertionError(awaited, e);
    }
  }
}
