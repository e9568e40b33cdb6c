package io.hamlet.core.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.Lane;
import io.hamlet.core.model.Limits;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.pcollections.PVector;

/** What holds of the machine whatever happens, in whatever order, however hostile. */
class HamMachinePropertyTest {
  private static final int STORIES = 3000;
  private static final List<String> REASONS = List.of("REBOOT", "queue full", "no restart");
  private static final Limits SMALL = new Limits(4, 3, 3, 2, 4, 4, 30, 2, 3, 2, 4);

  /** A state on the way, and the entry that changed it. */
  private record Passed(HamState before, Entry entry, Step step) {}

  @Provide
  Arbitrary<List<Move>> moves() {
    return Stories.any();
  }

  @Property(tries = STORIES)
  void everyStateIsSound(@ForAll("moves") List<Move> moves) {
    for (Passed p : tell(moves, Limits.DEFAULT)) {
      assertThat(Invariants.faults(p.step().state())).as("after %s", p.entry()).isEmpty();
    }
  }

  @Property(tries = STORIES)
  void limitsHold(@ForAll("moves") List<Move> moves) {
    for (Passed p : tell(moves, SMALL)) {
      assertThat(Invariants.faults(p.step().state())).as("after %s", p.entry()).isEmpty();
    }
  }

  @Property(tries = STORIES / 2)
  void unchangedIsTheSameObjectAndChangedNamesItsEntry(@ForAll("moves") List<Move> moves) {
    for (Passed p : tell(moves, Limits.DEFAULT)) {
      if (p.step().changed()) {
        assertThat(p.step().state().last()).isEqualTo(p.entry().id());
      } else {
        assertThat(p.step().state()).as("after %s", p.entry()).isSameAs(p.before());
      }
    }
  }

  @Property(tries = STORIES / 2)
  void noEffectIsNamedTwiceUnlessItIsOpen(@ForAll("moves") List<Move> moves) {
    Set<EffectId> named = new HashSet<>();
    for (Passed p : tell(moves, Limits.DEFAULT)) {
      if (!p.step().changed()) {
        continue;
      }
      for (EffectId id : ids(p.step().effects())) {
        boolean again = !named.add(id);
        boolean open = p.before().open().containsKey(id);
        assertThat(again && !open).as("%s again, by %s", id, p.entry()).isFalse();
        assertThat(open || id.entry().equals(p.entry().id())).as("%s of %s", id, p).isTrue();
      }
    }
  }

  @Property(tries = STORIES / 2)
  void lanesAreFirstInFirstOut(@ForAll("moves") List<Move> moves) {
    for (Passed p : tell(moves, Limits.DEFAULT)) {
      for (Lane lane : p.before().lanes().keySet()) {
        List<Object> before = keys(p.before().lanes().get(lane));
        List<Object> after = keys(p.step().state().lanes().get(lane));
        boolean kept = false;
        for (int done = 0; done <= before.size() && !kept; done++) {
          List<Object> left = before.subList(done, before.size());
          kept = after.size() >= left.size() && after.subList(0, left.size()).equals(left);
        }
        assertThat(kept).as("%s -> %s by %s", before, after, p.entry()).isTrue();
      }
    }
  }

  @Property(tries = STORIES / 2)
  void replayFromAnyStateGivesTheSame(@ForAll("moves") List<Move> moves) {
    List<Passed> story = tell(moves, Limits.DEFAULT);
    HamState again = story.getFirst().before();
    for (Passed p : story) {
      assertThat(again).isEqualTo(p.before());
      Step step = HamMachine.apply(again, p.entry());
      assertThat(step).isEqualTo(p.step());
      assertThat(HamMachine.resume(step.state())).isEqualTo(HamMachine.resume(p.step().state()));
      again = step.state();
    }
  }

  @Property(tries = STORIES / 2)
  void whenAllGoesWellEverythingIsDoneInTheEnd(@ForAll("moves") List<Move> moves) {
    List<Passed> story = tell(moves, Limits.DEFAULT);
    Story rest = new Story(story.getLast().step().state());
    HamState state = rest.state();
    int steps = 0;
    for (Entry entry = takeOver(rest); entry != null; entry = rest.nextGood()) {
      Step step = HamMachine.apply(state, entry);
      state = step.state();
      rest.reached(state);
      assertThat(Invariants.faults(state)).as("after %s", entry).isEmpty();
      assertThat(steps++).as("%s", state.lanes()).isLessThan(5000);
    }
    assertThat(state.lanes()).isEmpty();
    assertThat(state.open().values())
        .allMatch(o -> o.purpose() instanceof OpenEffect.Purpose.ForStop);
    state.entities().values().forEach(e -> assertThat(e.deaths()).isEmpty());
  }

  /** A property that nothing ever tries holds always: what the stories must have met. */
  @Example
  void storiesAreNotDull() {
    Set<String> met = new TreeSet<>();
    moves().generator(1000).stream(new Random(7))
        .limit(10_000)
        .forEach(
            moves -> {
              for (Passed p : tell(moves.value(), SMALL)) {
                for (Effect effect : p.step().effects()) {
                  met.add(effect.getClass().getSimpleName());
                  if (effect instanceof Effect.Announce a) {
                    met.add(a.happening().event());
                    met.add(REASONS.contains(a.happening().reason()) ? a.happening().reason() : "");
                  }
                }
                for (OpenEffect open : p.step().state().open().values()) {
                  met.add(open.work().getClass().getSimpleName());
                  met.add(open.purpose().getClass().getSimpleName());
                }
                met.add("lanes " + Math.min(2, p.step().state().lanes().size()));
              }
            });
    assertThat(met)
        .contains("Start", "Delay", "Wait", "Signalling", "lanes 2", "REBOOT", "queue full")
        .contains("ForLane", "ForAttach", "ForResume", "ForNow", "ForStop", "ForErrand")
        .contains("Asking", "Ask", "Report", "errand-done", "errand-failed")
        .contains("restart", "given-up", "healthy", "repeat", "removed", "beat-missed-high")
        .contains("granted", "revoked", "quorum-lost", "quorum-gained", "stuck", "start-denied")
        .contains("ForQuell", "Quelling", "Quell", "no restart")
        .contains("Abandon", "Forget", "End", "EndNode", "PulsesWaiting", "UnwatchBeats");
  }

  @Property(tries = STORIES / 2)
  void noErrandIsTakenOnTwiceWhileItIsKnown(@ForAll("moves") List<Move> moves) {
    for (Passed p : tell(moves, SMALL)) {
      if (p.entry().event() instanceof HamEvent.Asked asked
          && p.before().errands().find(asked.id()) != null) {
        assertThat(p.step().changed()).as("%s", asked).isFalse();
      }
    }
  }

  private static Entry takeOver(Story story) {
    return story.next(new Move(Move.Kind.TAKE_OVER, 1, 1, 1));
  }

  private static List<Passed> tell(List<Move> moves, Limits limits) {
    Story story = new Story(HamState.empty("n1", limits));
    List<Passed> passed = new ArrayList<>();
    passed.add(pass(story, story.first()));
    for (Move move : moves) {
      passed.add(pass(story, story.next(move)));
    }
    return passed;
  }

  private static Passed pass(Story story, Entry entry) {
    HamState before = story.state();
    Step step = HamMachine.apply(before, entry);
    story.reached(step.state());
    return new Passed(before, entry, step);
  }

  private static List<Object> keys(PVector<Occurrence> lane) {
    List<Object> keys = new ArrayList<>();
    if (lane != null) {
      lane.forEach(o -> keys.add(List.of(o.entityUid(), o.conditionUid(), o.trigger())));
    }
    return keys;
  }

  private static List<EffectId> ids(List<Effect> effects) {
    List<EffectId> ids = new ArrayList<>();
    for (Effect effect : effects) {
      switch (effect) {
        case Effect.Prepare e -> ids.add(e.id());
        case Effect.AwaitPath e -> ids.add(e.id());
        case Effect.Signal e -> ids.add(e.id());
        case Effect.Ask e -> ids.add(e.id());
        case Effect.Quell e -> ids.add(e.id());
        case Effect.Announce e -> ids.add(e.happening().id());
        // Go is the second half of a Prepare.
        default -> {}
      }
    }
    return ids;
  }
}
