package io.hamlet.manager.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.EntryId;
import io.hamlet.core.model.Limits;
import io.hamlet.core.model.Moment;
import io.hamlet.core.recovery.Entry;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.core.recovery.HamState;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is known of the past behind a snapshot. */
class ReplayTest {
  private static final HamState EMPTY = HamState.empty("n", Limits.DEFAULT);

  @Test
  void whoWasToldTheLastThingBeforeASnapshotHasMissedNothing() {
    EventHistory before = new EventHistory();
    HamState told = Replay.of(EMPTY, List.of(tookOver(1), tookOver(2)), before);
    HamState snapshot = Replay.of(told, List.of(silent(3), silent(4)), before);
    EffectId last = before.newest();
    assertThat(last.entry().index()).as("what came later told nothing").isEqualTo(2);
    EffectId first = before.read(null, 1).happenings().getFirst().id();

    EventHistory later = Replay.history(snapshot);
    assertThat(later.read(last, 10).gap()).isFalse();
    assertThat(later.read(first, 10).gap()).isTrue();
    assertThat(later.newest()).isEqualTo(last);

    Replay.of(snapshot, List.of(tookOver(5)), later);
    assertThat(later.read(last, 10)).matches(s -> !s.gap() && s.happenings().size() == 1);
    assertThat(later.read(first, 10).gap()).isTrue();
  }

  @Test
  void beforeTheFirstEntryNothingWasTold() {
    assertThat(Replay.history(EMPTY).read(new EffectId(EntryId.NONE, 0), 1).gap()).isFalse();
  }

  /** Another manager in the same boot, which is told. */
  private static Entry tookOver(long index) {
    return entry(index, new HamEvent.TookOver("boot", "", 100 + index, 0, true));
  }

  /** Changes the state and tells nobody. */
  private static Entry silent(long index) {
    return entry(index, new HamEvent.GuardianChanged(100 + index, false));
  }

  private static Entry entry(long index, HamEvent event) {
    return new Entry(new EntryId(1, 1, index), new Moment(index, index), event);
  }
}
