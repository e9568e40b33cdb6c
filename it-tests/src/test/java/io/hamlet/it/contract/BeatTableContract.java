package io.hamlet.it.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.model.ProcessId;
import io.hamlet.manager.port.BeatTable;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every {@link BeatTable} promises. */
public abstract class BeatTableContract {
  /** Processes that are gone. */
  protected final Set<ProcessId> dead = new HashSet<>();

  /** The table under test; its notion of death is {@link #dead}. */
  protected abstract BeatTable table();

  /** Stores a word as a process does that has mapped the table. */
  protected abstract void store(int slot, long word);

  /** User id for whom slots are taken. */
  protected abstract long uid();

  @Test
  void aTakenSlotHasAGenerationAndCountsStoredWords() {
    int slot = take(1);
    long generation = table().generation(slot);
    assertThat(generation).isBetween(1L, (long) Integer.MAX_VALUE);
    long before = table().counter(slot, generation);
    assertThat(before).isNotNegative();
    assertThat(table().counter(slot, generation)).as("reading is no beat").isEqualTo(before);
    store(slot, generation << 32 | 1);
    long after = table().counter(slot, generation);
    assertThat(after).isNotNegative().isNotEqualTo(before);
    store(slot, generation << 32 | 0xFFFF_FFFFL);
    assertThat(table().counter(slot, generation)).isNotNegative().isNotEqualTo(after);
  }

  @Test
  void callersBeatBesideTheWord() {
    int slot = take(1);
    long generation = table().generation(slot);
    store(slot, generation << 32 | 5);
    long before = table().counter(slot, generation);
    table().beat(slot, generation);
    assertThat(table().counter(slot, generation)).isNotNegative().isNotEqualTo(before);
  }

  @Test
  void wordsOfAnotherGenerationCountNothing() {
    int slot = take(1);
    long generation = table().generation(slot);
    store(slot, generation << 32 | 3);
    long before = table().counter(slot, generation);
    for (long word : new long[] {0, -1, 77, (generation - 1) << 32 | 9, (generation + 1) << 32}) {
      store(slot, word);
      assertThat(table().counter(slot, generation)).as("word %x", word).isEqualTo(before);
    }
    table().beat(slot, generation + 1);
    assertThat(table().counter(slot, generation)).isEqualTo(before);
    assertThat(table().counter(slot, generation + 1)).isEqualTo(-1);
    assertThat(table().counter(slot, generation - 1)).isEqualTo(-1);
  }

  @Test
  void garbageInOneSlotHarmsNoOther() {
    int hostile = take(1);
    int victim = take(2);
    long generation = table().generation(victim);
    long before = table().counter(victim, generation);
    for (int i = 0; i < 1_000; i++) {
      store(hostile, i * 0x9E37_79B9_7F4A_7C15L);
    }
    assertThat(table().counter(victim, generation)).isEqualTo(before);
    assertThat(table().generation(victim)).isEqualTo(generation);
  }

  @Test
  void aSlotIsNotSharedWhileItsHolderLives() {
    Set<Integer> slots = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      assertThat(slots.add(take(i))).isTrue();
    }
  }

  @Test
  void theGenerationRisesAtEachTakeAndAnEarlierHolderIsNotHeard() {
    int slot = take(1);
    long first = table().generation(slot);
    table().free(slot, first);
    assertThat(table().counter(slot, first)).isEqualTo(-1);
    assertThat(take(2)).as("a free slot is used again").isEqualTo(slot);
    long second = table().generation(slot);
    assertThat(second).isGreaterThan(first);
    long before = table().counter(slot, second);
    store(slot, first << 32 | 42);
    table().beat(slot, first);
    table().free(slot, first);
    assertThat(table().counter(slot, second)).isEqualTo(before);
  }

  @Test
  void freeingTwiceIsFreeingOnce() {
    int slot = take(1);
    long generation = table().generation(slot);
    table().free(slot, generation);
    table().free(slot, generation);
    assertThat(take(2)).isNotEqualTo(take(3));
  }

  @Test
  void claimsWhatIsHeldAndWhatIsFreeButNothingElse() {
    int slot = take(1);
    long generation = table().generation(slot);
    assertThat(table().claim(slot, generation, process(1))).isTrue();
    assertThat(table().claim(slot, generation + 1, process(2))).isFalse();
    table().free(slot, generation);
    assertThat(table().claim(slot, generation + 5, process(3))).isTrue();
    assertThat(table().generation(slot)).isEqualTo(generation + 5);
    assertThat(table().counter(slot, generation + 5)).isNotNegative();
    assertThat(take(4)).isNotEqualTo(slot);
    table().free(slot, generation + 5);
    assertThat(table().claim(slot, generation, process(1))).as("generations only rise").isFalse();
  }

  @Test
  void slotsNobodyGaveOutCountNothing() {
    int slot = take(1);
    for (int stranger : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
      assertThat(table().counter(stranger, 1)).isEqualTo(-1);
      assertThat(table().generation(stranger)).isZero();
      assertThat(table().claim(stranger, 1, process(1))).isFalse();
      assertThat(table().locate(stranger)).isNull();
      table().beat(stranger, 1);
      table().free(stranger, 1);
    }
    for (long generation : new long[] {0, -1, 1L << 32, Long.MIN_VALUE, Long.MAX_VALUE}) {
      assertThat(table().counter(slot + 1, generation)).isEqualTo(-1);
      assertThat(table().counter(slot, generation)).isEqualTo(-1);
      assertThat(table().claim(slot + 1, generation, process(1))).isFalse();
      table().beat(slot + 1, generation);
      table().free(slot, generation);
    }
    assertThat(table().counter(slot, table().generation(slot))).isNotNegative();
  }

  /** Takes a slot for a process of that number. */
  protected final int take(int pid) {
    int slot = table().take(uid(), process(pid));
    assertThat(slot).isNotNegative();
    return slot;
  }

  protected static ProcessId process(int pid) {
    return new ProcessId(pid, 1_000L + pid);
  }
}
