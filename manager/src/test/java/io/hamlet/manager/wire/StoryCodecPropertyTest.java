package io.hamlet.manager.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.model.Limits;
import io.hamlet.core.recovery.Entry;
import io.hamlet.core.recovery.HamMachine;
import io.hamlet.core.recovery.HamState;
import io.hamlet.core.recovery.Move;
import io.hamlet.core.recovery.Step;
import io.hamlet.core.recovery.Stories;
import io.hamlet.core.recovery.Story;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Snapshots and log entries lose nothing that the machine can get into. */
class StoryCodecPropertyTest {
  @Provide
  Arbitrary<List<Move>> moves() {
    return Stories.any();
  }

  @Property(tries = 300)
  void everyStateAndEntryComesBackFromItsBytes(@ForAll("moves") List<Move> moves) {
    HamState state = HamState.empty("n1", Limits.DEFAULT);
    Story story = new Story(state);
    Entry entry = story.first();
    for (int i = 0; i <= moves.size(); i++) {
      assertThat(EntryCodec.decode(EntryCodec.encode(entry))).isEqualTo(entry);
      Step step = HamMachine.apply(state, entry);
      state = step.state();
      if (step.changed()) {
        assertThat(StateCodec.decode(StateCodec.encode(state))).isEqualTo(state);
      }
      story.reached(state);
      entry = i < moves.size() ? story.next(moves.get(i)) : null;
    }
  }

  @Property(tries = 300)
  void aSnapshotAnywhereAndTheRestOfTheLogLeadToTheSame(
      @ForAll("moves") List<Move> moves, @ForAll int where) {
    HamState state = HamState.empty("n1", Limits.DEFAULT);
    Story story = new Story(state);
    HamState other = state;
    int cut = Math.floorMod(where, moves.size() + 1);
    Entry entry = story.first();
    for (int i = 0; i <= moves.size(); i++) {
      if (i == cut) {
        other = StateCodec.decode(StateCodec.encode(other));
      }
      Step step = HamMachine.apply(state, entry);
      Step again = HamMachine.apply(other, EntryCodec.decode(EntryCodec.encode(entry)));
      assertThat(again).isEqualTo(step);
      state = step.state();
      other = again.state();
      story.reached(state);
      entry = i < moves.size() ? story.next(moves.get(i)) : null;
    }
    assertThat(Digest.of(other)).isEqualTo(Digest.of(state));
  }
}
