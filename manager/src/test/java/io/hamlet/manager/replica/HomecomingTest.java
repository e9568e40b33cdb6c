package io.hamlet.manager.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hamlet.core.model.EntryId;
import io.hamlet.core.model.Limits;
import io.hamlet.core.model.Moment;
import io.hamlet.core.model.Name;
import io.hamlet.core.recovery.Effect;
import io.hamlet.core.recovery.Entry;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.core.recovery.HamMachine;
import io.hamlet.core.recovery.HamState;
import io.hamlet.core.recovery.Step;
import io.hamlet.manager.log.LogCursor;
import io.hamlet.manager.log.LogJournal;
import io.hamlet.manager.log.LogPiece;
import io.hamlet.manager.log.LogSource;
import io.hamlet.manager.log.LogStore;
import io.hamlet.manager.log.Mark;
import io.hamlet.manager.log.ReignId;
import io.hamlet.manager.log.ReplicaLog;
import io.hamlet.manager.port.ClusterBus;
import io.hamlet.manager.port.Member;
import io.hamlet.manager.port.Subject;
import io.hamlet.manager.runtime.EventHistory;
import io.hamlet.manager.runtime.Replay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node comes back without its memory, and the voters have it. */
class HomecomingTest {
  private static final Member ME = new Member("w", Member.Role.GUARDIAN, 1, 0, "");
  private static final Member VOTER = new Member("v", Member.Role.HAM, 2, 1, "");

  @TempDir Path directory;

  private final TestWriter writer = new TestWriter("w");
  private Homecoming home;
  private Duration limit = Duration.ofSeconds(20);

  /** Who acts there. */
  private Member voter = VOTER;

  /** By the voter. */
  private List<Member> seen = List.of(ME, VOTER);

  /** Told how often the voter was asked. */
  private IntConsumer asked = count -> {};

  private int asks;

  /** The voter says nothing to those who ask so late, or so early. */
  private IntPredicate mute = count -> false;

  @Test
  void aLostDiskIsTakenBackAndTheRebootIsSeen() throws Exception {
    for (int i = 0; i < 300; i++) {
      writer.create();
    }
    keep(directory.resolve("replicas/w"));
    Homecoming.Outcome outcome = seek(ReignId.NONE, Mark.ZERO);
    assertThat(outcome.taken()).isTrue();
    assertThat(outcome.epoch()).isEqualTo(writer.reign().epoch());
    assertThat(outcome.surplus()).isEmpty();

    try (LogStore store = LogStore.open(config())) {
      LogStore.Recovered found = store.recovered();
      assertThat(found.findings()).isEmpty();
      assertThat(found.sameBoot()).isFalse();
      HamState state = Replay.of(found.snapshot(), found.entries(), new EventHistory());
      assertThat(state).isEqualTo(writer.state());
      HamEvent event = new HamEvent.TookOver("w", "boot-2", 9, 0, false);
      EntryId first = new EntryId(1, outcome.epoch() + 1, state.last().index() + 1);
      Entry entry = new Entry(first, new Moment(1, 1), event);
      Step step = HamMachine.apply(state, entry);
      assertThat(step.effects())
          .anyMatch(e -> e instanceof Effect.Announce a && a.happening().reason().equals("REBOOT"));
      try (LogJournal journal = store.begin(1, first.epoch(), state)) {
        journal.append(entry, step.state());
      }
    }
  }

  @Test
  void aSurplusTailOfItsOwnIsServedAgain() throws Exception {
    writer.create();
    Path log = directory.resolve("state/log");
    writer.create();
    Name lost = writer.create();
    keep(log);
    writer.loseTail(1);
    writer.create();
    keep(directory.resolve("replicas/w"));
    Homecoming.Outcome outcome = seek(new ReignId("boot-1", 1, 1), new Mark(4, 0));
    assertThat(outcome.taken()).isTrue();
    assertThat(outcome.surplus()).hasSize(1);
    assertThat(outcome.surplus().getFirst().command().toString()).contains(lost.value());
  }

  /** Found in review: it acted with nothing, and the voters dropped their copies then. */
  @Test
  void aVoterWhoseManagerIsAnotherInTheMiddleOfItIsAskedOn() throws Exception {
    for (int i = 0; i < 300; i++) {
      writer.create();
    }
    keep(directory.resolve("replicas/w"));
    Member successor = new Member("v", Member.Role.HAM, 3, 1, "");
    asked =
        count -> {
          if (count == 2) {
            voter = successor;
          }
        };
    assertThat(seek(ReignId.NONE, Mark.ZERO).taken()).isTrue();
    assertThat(voter).isEqualTo(successor);
  }

  @Test
  void whatIsNotLongerIsLeftWhereItIs() throws Exception {
    writer.create();
    keep(directory.resolve("replicas/w"));
    Homecoming.Outcome outcome = seek(writer.reign(), writer.mark());
    assertThat(outcome.taken()).isFalse();
    assertThat(outcome.epoch()).isEqualTo(1);
  }

  @Test
  void aVoterThatHasNothingIsNotWaitedFor() throws Exception {
    Homecoming.Outcome outcome = seek(ReignId.NONE, Mark.ZERO);
    assertThat(outcome.taken()).isFalse();
    assertThat(outcome.findings()).isEmpty();
  }

  /** All begin at once, and nobody acts. */
  @Test
  void whoSeeksTooSaysThatItHasNothing() throws Exception {
    assertThat(seekBesideAnother().findings()).isEmpty();
  }

  /** A power cut of the whole site: nobody acts yet, and who has the copy waits for others. */
  @Test
  void whoSeeksTooGivesTheCopyThatItHas() throws Exception {
    for (int i = 0; i < 300; i++) {
      writer.create();
    }
    keep(directory.resolve("other/replicas/w"));
    Homecoming.Outcome outcome = seekBesideAnother();
    assertThat(outcome.taken()).isTrue();
    HomeDirectory.settle(directory.resolve("state"));
    try (LogStore store = LogStore.open(config())) {
      assertThat(store.end()).isEqualTo(writer.mark());
    }
  }

  /** It told of its copy while it sought its own tree, and is done with that. */
  @Test
  void whoSoughtTooAndActsNowIsAskedOn() throws Exception {
    for (int i = 0; i < 300; i++) {
      writer.create();
    }
    keep(directory.resolve("replicas/w"));
    voter = new Member("v", Member.Role.GUARDIAN, 2, 0, "");
    asked = count -> voter = count == 2 ? VOTER : voter;
    assertThat(seek(ReignId.NONE, Mark.ZERO).taken()).isTrue();
    assertThat(voter).isEqualTo(VOTER);
  }

  /** A name given twice, or a copy of a state directory: its work runs already. */
  @Test
  void whoseNameIsInUseTakesNothing() throws Exception {
    writer.create();
    keep(directory.resolve("replicas/w"));
    seen = List.of(ME, VOTER, new Member("w", Member.Role.HAM, 77, 3, "198.18.0.9:4226"));
    limit = Duration.ofMillis(200);
    assertThatThrownBy(() -> seek(ReignId.NONE, Mark.ZERO))
        .isInstanceOf(NameTaken.class)
        .hasMessageContaining(
            "'w' is in use", "pid 77 at 198.18.0.9:4226", "voter v says", "--node");
    assertThat(directory.resolve("state/log-restored")).doesNotExist();
    assertThat(directory.resolve("state/log")).doesNotExist();
  }

  /** Found in review: one round without an answer, and an intruder joined. */
  @Test
  void aVotersWordStandsUntilItSaysOtherwise() throws Exception {
    writer.create();
    keep(directory.resolve("replicas/w"));
    seen = List.of(ME, VOTER, new Member("w", Member.Role.HAM, 77, 3, "198.18.0.9:4226"));
    limit = Duration.ofMillis(200);
    mute = count -> count > 1;
    assertThatThrownBy(() -> seek(ReignId.NONE, Mark.ZERO)).isInstanceOf(NameTaken.class);
  }

  /** Found in review: it began with nothing although the voter had its tree. */
  @Test
  void aVoterThatIsThereIsWaitedForBeyondTheLimit() throws Exception {
    writer.create();
    keep(directory.resolve("replicas/w"));
    limit = Duration.ofMillis(200);
    mute = count -> count < 4;
    assertThat(seek(ReignId.NONE, Mark.ZERO).taken()).isTrue();
  }

  /** The others have not noticed yet that it died. */
  @Test
  void aGhostOfItsOwnIsWaitedFor() throws Exception {
    writer.create();
    keep(directory.resolve("replicas/w"));
    seen = List.of(ME, VOTER, new Member("w", Member.Role.HAM, 77, 3, "198.18.0.9:4226"));
    asked = count -> seen = count < 3 ? seen : List.of(ME, VOTER);
    assertThat(seek(ReignId.NONE, Mark.ZERO).taken()).isTrue();
  }

  @Test
  void aChangeThatWasCutShortIsFinished() throws Exception {
    writer.create();
    keep(directory.resolve("state/log-restored"));
    HomeDirectory.settle(directory.resolve("state"));
    try (LogStore store = LogStore.open(config())) {
      assertThat(store.recovered().snapshot().node()).isEqualTo("w");
      assertThat(store.recovered().entries()).hasSize(2);
    }
  }

  private Homecoming.Outcome seek(ReignId reign, Mark end) throws Exception {
    Path state = Files.createDirectories(directory.resolve("state"));
    HomeDirectory.settle(state);
    home = new Homecoming("w", state, bus(ME), List.of("v"), System::nanoTime);
    Homecoming.Outcome outcome = home.seek(reign, end, limit);
    HomeDirectory.settle(state);
    return outcome;
  }

  /** The voter seeks its own tree, and hears of nobody before we are done. */
  private Homecoming.Outcome seekBesideAnother() throws Exception {
    Member other = new Member("v", Member.Role.GUARDIAN, 2, 0, "");
    List<Member> both = List.of(ME, other);
    AtomicReference<Homecoming> theirs = new AtomicReference<>();
    Path state = Files.createDirectories(directory.resolve("other"));
    ClusterBus back = wire(both, message -> home.received(other, message));
    theirs.set(new Homecoming("v", state, back, List.of("w", "x"), System::nanoTime));
    ClusterBus there = wire(both, message -> theirs.get().received(ME, message));
    Path own = Files.createDirectories(directory.resolve("state"));
    home = new Homecoming("w", own, there, List.of("v"), System::nanoTime);
    Thread seeking =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    theirs.get().seek(ReignId.NONE, Mark.ZERO, Duration.ofMinutes(1));
                  } catch (IOException | NameTaken | InterruptedException e) {
                    // Ended with the test.
                  }
                });
    try {
      return home.seek(ReignId.NONE, Mark.ZERO, limit);
    } finally {
      seeking.interrupt();
      seeking.join();
    }
  }

  private static ClusterBus wire(List<Member> view, Consumer<byte[]> end) {
    return new ClusterBus() {
      @Override
      public boolean send(Member to, Subject subject, byte[] message) {
        end.accept(message);
        return true;
      }

      @Override
      public List<Member> view() {
        return view;
      }
    };
  }

  private LogStore.Config config() {
    return LogStore.Config.of(
        "w", "boot-2", directory.resolve("live"), directory.resolve("state"), Limits.DEFAULT);
  }

  /** Puts the writer's log into a directory, from its beginning. */
  private void keep(Path place) throws IOException {
    try (ReplicaLog log = new ReplicaLog(place, "w")) {
      log.open();
      log.begin(writer.snapshot(), false);
      List<LogPiece> pieces = new ArrayList<>();
      LogCursor cursor = writer.after(writer.snapshot().mark());
      for (LogPiece p = cursor.next(); p != null; p = cursor.next()) {
        pieces.add(p);
      }
      log.append(pieces);
    }
  }

  /** Calls through to the other end at once. */
  private ClusterBus bus(Member own) {
    return new ClusterBus() {
      private Feeder feeder;

      @Override
      public boolean send(Member to, Subject subject, byte[] message) {
        if (own.equals(VOTER)) {
          home.received(voter, message);
          return true;
        }
        try {
          asked.accept(++asks);
          if (!to.equals(voter) || mute.test(asks)) {
            return true; // Nobody is there any more, or nothing is said.
          }
          voter().received(ME, Messages.parse(message));
          voter().feed();
          return true;
        } catch (Messages.Garbage e) {
          throw new AssertionError(e);
        }
      }

      private Feeder voter() {
        if (feeder == null) {
          TestWriter other = new TestWriter("v");
          Path kept = directory.resolve("replicas/w");
          feeder =
              new Feeder(
                  "v",
                  bus(VOTER),
                  tree -> Files.isDirectory(kept) ? LogSource.lying(kept) : null,
                  new Copies("v", other, () -> List.of("v", "w")),
                  new OfferDesk(bus(VOTER), other),
                  other.state(),
                  Runnable::run);
        }
        return feeder;
      }

      @Override
      public List<Member> view() {
        return own.equals(VOTER) ? seen : List.of(ME, voter);
      }
    };
  }
}
