package io.hamlet.agent.beats;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.model.ProcessId;
import io.hamlet.manager.port.BeatTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the files keep over restarts, and how the table grows. */
class MappedBeatTableFilesTest {
  @TempDir Path temp;
  private final Set<ProcessId> dead = new HashSet<>();

  @Test
  void aSuccessorFindsEverySlotAsItWas() throws IOException {
    int slot;
    long generation;
    long earlier;
    BeatTable.Location place;
    try (MappedBeatTable before = open()) {
      int freed = before.take(uid(), process(1));
      earlier = before.generation(freed);
      slot = before.take(uid(), process(2));
      generation = before.generation(slot);
      place = before.locate(slot);
      before.beat(slot, generation);
      before.free(freed, before.generation(freed));
    }
    try (MappedBeatTable after = open()) {
      assertThat(after.locate(slot)).isEqualTo(place);
      assertThat(after.counter(slot, generation)).isEqualTo(1);
      assertThat(after.claim(slot, generation, process(2))).isTrue();
      int next = after.take(uid(), process(3));
      assertThat(next).isNotEqualTo(slot);
      assertThat(after.generation(next)).as("rises over restarts").isEqualTo(earlier + 1);
      assertThat(after.take(uid(), process(4))).isNotEqualTo(slot);
    }
  }

  /** One who lost the table beats on under what it gave him, by calls. */
  @Test
  void aTableMadeAnewGivesNothingOutThatAnEarlierOneGave() throws IOException {
    int slot;
    long old;
    try (MappedBeatTable before = open()) {
      slot = before.take(uid(), process(1));
      old = before.generation(slot);
    }
    try (MappedBeatTable anew = new MappedBeatTable(temp.resolve("anew"), p -> true)) {
      assertThat(anew.take(uid(), process(2))).isEqualTo(slot);
      anew.beat(slot, old);
      assertThat(anew.counter(slot, anew.generation(slot))).isZero();
    }
  }

  @Test
  void growsByABlockWhenAllHoldersLive() throws IOException {
    try (MappedBeatTable table = open()) {
      Set<Integer> slots = new HashSet<>();
      for (int i = 0; i <= BeatBlock.SLOTS; i++) {
        slots.add(table.take(uid(), process(i)));
      }
      assertThat(slots).hasSize(BeatBlock.SLOTS + 1).doesNotContain(-1);
      assertThat(table.locate(BeatBlock.SLOTS).path()).isNotEqualTo(table.locate(0).path());
    }
    try (MappedBeatTable again = open()) {
      assertThat(again.take(uid(), process(9))).isEqualTo(BeatBlock.SLOTS + 1);
    }
  }

  @Test
  void reusesTheSlotsOfTheDeadBeforeItGrows() throws IOException {
    try (MappedBeatTable table = open()) {
      for (int i = 0; i < BeatBlock.SLOTS; i++) {
        table.take(uid(), process(i));
      }
      long earlier = table.generation(1234);
      dead.add(process(1234));
      assertThat(table.take(uid(), process(9_999))).isEqualTo(1234);
      assertThat(table.generation(1234)).isEqualTo(earlier + 1);
    }
  }

  @Test
  void strangeFilesInTheDirectoryAreLeftAlone() throws IOException {
    open().close();
    Path directory = temp.resolve("beats");
    for (String name : new String[] {"holders-x-1", "holders-1-999999", "holders-1-256", "a"}) {
      Files.writeString(directory.resolve(name), "hello");
    }
    try (MappedBeatTable table = open()) {
      assertThat(table.take(uid(), process(1))).isZero();
    }
    assertThat(directory.resolve("a")).hasContent("hello");
  }

  @Test
  void filesAreFilledSoThatAFullTmpfsCannotKillUs() throws IOException {
    try (MappedBeatTable table = open()) {
      table.take(uid(), process(1));
      Path words = Path.of(table.locate(0).path());
      assertThat(Files.size(words)).isEqualTo(BeatBlock.SLOTS * 8L);
    }
  }

  private MappedBeatTable open() throws IOException {
    return new MappedBeatTable(temp.resolve("beats"), p -> !dead.contains(p));
  }

  private long uid() throws IOException {
    return BeatFiles.owner(temp);
  }

  private static ProcessId process(int pid) {
    return new ProcessId(pid, 1_000L + pid);
  }
}
