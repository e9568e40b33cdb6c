package io.hamlet.it.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hamlet.core.model.EntryId;
import io.hamlet.core.model.Limits;
import io.hamlet.core.model.Moment;
import io.hamlet.core.recovery.Entry;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.core.recovery.HamState;
import io.hamlet.manager.port.Journal;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What every journal does. */
abstract class JournalContract {
  static final HamState EMPTY = HamState.empty("n1", Limits.DEFAULT);

  /** A journal of incarnation 1, epoch 1, without any entry. */
  protected abstract Journal journal();

  /** The entries that a successor would read. */
  protected abstract List<Entry> survivors() throws Exception;

  @Test
  void whatWasAppendedIsReadInOrder() throws Exception {
    for (long i = 1; i <= 100; i++) {
      journal().append(entry(i), after(i));
    }
    List<Entry> survivors = survivors();
    assertThat(survivors).hasSize(100);
    for (int i = 0; i < 100; i++) {
      assertThat(survivors.get(i)).isEqualTo(entry(i + 1));
    }
  }

  @Test
  void theDurableIndexReachesTheNewestEntryAndTellsEachRise() {
    List<Long> told = new CopyOnWriteArrayList<>();
    journal().onDurable(told::add);
    for (long i = 1; i <= 100; i++) {
      journal().append(entry(i), after(i));
    }
    // Without it nobody is woken, unless the disk's thread has only just begun.
    journal().flush();
    await().until(() -> journal().durableIndex() == 100 && told.contains(100L));
    assertThat(told).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void anEntryOutOfTurnIsRefusedAndChangesNothing() throws Exception {
    journal().append(entry(1), after(1));
    assertThatThrownBy(() -> journal().append(entry(3), after(3)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> journal().append(entry(1), after(1)))
        .isInstanceOf(IllegalArgumentException.class);
    journal().append(entry(2), after(2));
    assertThat(survivors()).containsExactly(entry(1), entry(2));
  }

  @Test
  void thereIsRoomAtFirst() {
    assertThat(journal().hasRoom()).isTrue();
  }

  static Entry entry(long index) {
    return new Entry(
        new EntryId(1, 1, index), new Moment(index, index), new HamEvent.ChannelLost(index, 7));
  }

  static HamState after(long index) {
    return new HamState(
        EMPTY.node(),
        EMPTY.boot(),
        new EntryId(1, 1, index),
        EMPTY.told(),
        EMPTY.nextUid(),
        EMPTY.entities(),
        EMPTY.global(),
        EMPTY.lanes(),
        EMPTY.open(),
        EMPTY.deadlines(),
        EMPTY.clients(),
        EMPTY.channels(),
        EMPTY.errands(),
        EMPTY.sam(),
        EMPTY.pair(),
        EMPTY.verbosity(),
        EMPTY.beatsSuspended(),
        EMPTY.stopping(),
        EMPTY.right(),
        EMPTY.granted(),
        EMPTY.limits());
  }
}
