package io.hamlet.manager.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.EntryId;
import io.hamlet.core.model.Moment;
import io.hamlet.core.recovery.Happening;
import io.hamlet.manager.port.History.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EventHistoryTest {
  private final EventHistory history = new EventHistory(3, null);

  @Test
  void anEmptyHistoryHasNoGapAndNoNewest() {
    assertThat(history.newest()).isNull();
    assertThat(history.read(null, 10)).isEqualTo(new Slice(false, List.of()));
    assertThat(history.read(id(5), 10)).isEqualTo(new Slice(false, List.of()));
  }

  @Test
  void readsWhatComesAfterAPosition() {
    add(10, 20, 30);
    assertThat(indexes(history.read(null, 10))).containsExactly(10L, 20L, 30L);
    assertThat(indexes(history.read(id(10), 10))).containsExactly(20L, 30L);
    assertThat(indexes(history.read(id(10), 1))).containsExactly(20L);
    assertThat(indexes(history.read(id(15), 10))).containsExactly(20L, 30L);
    assertThat(indexes(history.read(id(30), 10))).isEmpty();
    assertThat(history.read(id(5), 10).gap()).as("nothing was dropped").isFalse();
    assertThat(history.newest()).isEqualTo(id(30));
  }

  @Test
  void effectsOfOneEntryAreOrderedByTheirNumber() {
    EntryId entry = new EntryId(1, 1, 1);
    history.add(happening(new EffectId(entry, 2)));
    history.add(happening(new EffectId(entry, 10)));
    assertThat(history.read(new EffectId(entry, 2), 10).happenings()).hasSize(1);
  }

  /** Found in review: 20,000 of them could be all of a manager's memory, and more. */
  @Test
  void whatIsLargeIsKeptForLess() {
    EventHistory small = new EventHistory(1_000, 100_000, null);
    for (int i = 1; i <= 3_000; i++) {
      small.add(
          new Happening(id(i), Moment.ZERO, "p", "e", "", "d".repeat(i % 7 == 0 ? 9_000 : 10)));
      List<Happening> kept = small.read(null, 2_000).happenings();
      assertThat(kept.stream().mapToLong(h -> h.detail().length()).sum()).isLessThan(100_000);
      assertThat(kept.getLast().id()).isEqualTo(id(i));
      long oldest = kept.getFirst().id().entry().index();
      assertThat(kept).hasSize((int) (i - oldest + 1));
      if (oldest > 2) {
        assertThat(small.read(id(oldest - 1), 1).gap()).isFalse();
        assertThat(small.read(id(oldest - 2), 1).gap()).isTrue();
      }
    }
    assertThat(small.read(null, 2_000).happenings()).hasSizeGreaterThan(20);
  }

  @Test
  void oneThatIsLargerThanAllMayBeIsKeptAlone() {
    EventHistory small = new EventHistory(10, 1_000, null);
    for (int i = 1; i <= 30; i++) {
      small.add(new Happening(id(i), Moment.ZERO, "p", "e", "", "d".repeat(5_000)));
      assertThat(small.read(null, 10).happenings()).hasSize(1);
      assertThat(small.newest()).isEqualTo(id(i));
    }
  }

  @Test
  void whoReadsWhileMuchIsTakenAwayReadsAWhole() throws Exception {
    EventHistory busy = new EventHistory(500, 20_000, null);
    AtomicBoolean over = new AtomicBoolean();
    try (ExecutorService pool = Executors.newSingleThreadExecutor()) {
      Future<?> reader =
          pool.submit(
              () -> {
                while (!over.get()) {
                  List<Happening> all = busy.read(null, 1_000).happenings();
                  for (int i = 1; i < all.size(); i++) {
                    long before = all.get(i - 1).id().entry().index();
                    assertThat(all.get(i).id().entry().index()).isEqualTo(before + 1);
                  }
                }
              });
      for (int i = 1; i <= 200_000; i++) {
        busy.add(
            new Happening(id(i), Moment.ZERO, "p", "e", "", "d".repeat(i % 50 == 0 ? 900 : 1)));
      }
      over.set(true);
      reader.get();
    }
  }

  @Test
  void dropsTheOldestAndTellsTheGap() {
    add(10, 20, 30, 40);
    assertThat(history.read(null, 10)).matches(s -> !s.gap() && s.happenings().size() == 3);
    assertThat(history.read(id(9), 10).gap()).isTrue();
    assertThat(indexes(history.read(id(9), 10))).containsExactly(20L, 30L, 40L);
    assertThat(history.read(id(10), 10).gap()).as("just the last one dropped").isFalse();
    assertThat(history.read(id(15), 10).gap()).as("after it nothing is missing").isFalse();
    add(50);
    assertThat(history.read(id(10), 10).gap()).isTrue();
  }

  @Test
  void aHistoryThatBeginsLateTellsTheGapAtOnce() {
    EventHistory late = new EventHistory(3, id(100));
    assertThat(late.newest()).isEqualTo(id(100));
    assertThat(late.read(id(99), 10).gap()).isTrue();
    assertThat(late.read(id(100), 10).gap()).isFalse();
    late.add(happening(id(101)));
    assertThat(late.read(id(99), 10).gap()).isTrue();
    assertThat(late.read(id(100), 10)).matches(s -> !s.gap() && s.happenings().size() == 1);
  }

  @Test
  void whatWasLostWithItsLogIsAGapAndThenToldAnew() {
    history.add(happening(new EffectId(new EntryId(1, 1, 10), 0)));
    history.add(happening(new EffectId(new EntryId(1, 2, 11), 0)));
    Slice slice = history.read(new EffectId(new EntryId(1, 1, 12), 0), 10);
    assertThat(slice.gap()).isTrue();
    assertThat(indexes(slice)).containsExactly(11L);
  }

  @Test
  void inTheTreeOfTheClusterNothingIsLostAndTheEpochTellsTreesApart() {
    EventHistory ofCluster = new EventHistory(10, null);
    for (long index : List.of(9L, 10L, 11L, 12L, 13L)) {
      long epoch = index == 10 || index == 11 ? 7 : 0;
      ofCluster.add(happening(new EffectId(new EntryId(0, epoch, index), 0)));
    }
    Slice slice = ofCluster.read(new EffectId(new EntryId(0, 0, 12), 0), 10);
    assertThat(slice.gap()).isFalse();
    assertThat(indexes(slice)).containsExactly(13L);
  }

  @Test
  void repeatsAreLeftOut() {
    add(10, 20, 20, 15, 30);
    assertThat(indexes(history.read(null, 10))).containsExactly(10L, 20L, 30L);
  }

  @Test
  void bellsRingUntilClosedAndABrokenOneHarmsNobody() throws Exception {
    AtomicInteger rung = new AtomicInteger();
    AtomicInteger broken = new AtomicInteger();
    history.onNew(
        () -> {
          broken.incrementAndGet();
          throw new IllegalStateException("a listener that fails");
        });
    Runnable bell = rung::incrementAndGet;
    try (AutoCloseable first = history.onNew(bell)) {
      assertThat(first).isNotNull();
      AutoCloseable second = history.onNew(bell);
      add(10);
      assertThat(rung).hasValue(2);
      second.close();
      second.close();
      add(20);
      assertThat(rung).hasValue(3);
    }
    add(30);
    assertThat(rung).hasValue(3);
    assertThat(broken).hasValue(1);
  }

  @Test
  void aHistoryOfNothingIsRefused() {
    assertThatThrownBy(() -> new EventHistory(0, null))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void readersFollowAWriterWithoutLossUnlessTold() throws Exception {
    int total = 300_000;
    EventHistory busy = new EventHistory(500, null);
    AtomicBoolean done = new AtomicBoolean();
    try (ExecutorService pool = Executors.newFixedThreadPool(2)) {
      List<Future<Long>> readers = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        readers.add(pool.submit(() -> follow(busy, done)));
      }
      for (int i = 1; i <= total; i++) {
        busy.add(happening(id(i)));
      }
      done.set(true);
      for (Future<Long> reader : readers) {
        assertThat(reader.get()).isEqualTo(total);
      }
    }
  }

  /** Reads on to the end; every number comes in order, and one is left out only after a gap. */
  private static long follow(EventHistory busy, AtomicBoolean done) {
    EffectId after = id(0);
    while (true) {
      boolean last = done.get();
      Slice slice = busy.read(after, 100);
      long before = after.entry().index();
      for (Happening h : slice.happenings()) {
        long index = h.id().entry().index();
        if (slice.gap() && before == after.entry().index()) {
          assertThat(index).isGreaterThan(before + 1);
        } else {
          assertThat(index).isEqualTo(before + 1);
        }
        before = index;
      }
      after = id(before);
      if (last && slice.happenings().isEmpty()) {
        return before;
      }
    }
  }

  private void add(long... indexes) {
    for (long index : indexes) {
      history.add(happening(id(index)));
    }
  }

  private static List<Long> indexes(Slice slice) {
    return slice.happenings().stream().map(h -> h.id().entry().index()).toList();
  }

  private static EffectId id(long index) {
    return new EffectId(new EntryId(1, 1, index), 0);
  }

  private static Happening happening(EffectId id) {
    return new Happening(id, Moment.ZERO, "e", "death", "", "");
  }
}
