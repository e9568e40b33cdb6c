package io.hamlet.manager.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hamlet.manager.consensus.Proposals.Entry;
import io.hamlet.manager.consensus.Proposals.Proposal;
import io.hamlet.manager.port.Consensus;
import io.hamlet.manager.port.Consensus.NotLeader;
import io.hamlet.manager.port.Consensus.Unknown;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which commands become one entry, and what is true of each when it fails. */
class SubmitterTest {
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final int UNDER_WAY = 2;

  private final Proposals proposals = new Proposals(() -> "b");
  private final BlockingQueue<Entry> submitted = new LinkedBlockingQueue<>();
  private final Submitter submitter = new Submitter("a", proposals, submitted::add);

  @AfterEach
  void close() {
    submitter.close();
  }

  private Proposal add(int bytes) {
    Proposal made = proposals.begin(new byte[bytes], LONG);
    submitter.add(made);
    return made;
  }

  private Entry next() throws InterruptedException {
    Entry entry = submitted.poll(1, TimeUnit.MINUTES);
    assertThat(entry).as("an entry").isNotNull();
    return entry;
  }

  /** Entries that wait for a majority, and what came meanwhile. */
  private List<Entry> busy() throws InterruptedException {
    List<Entry> alone = new ArrayList<>();
    for (int i = 0; i < UNDER_WAY; i++) {
      Proposal one = add(10);
      alone.add(next());
      assertThat(alone.getLast().proposals()).containsExactly(one);
    }
    return alone;
  }

  /** An entry of two, which is not taken yet. */
  private Entry together() throws InterruptedException {
    List<Entry> alone = busy();
    Proposal one = add(10);
    Proposal other = add(10);
    alone.getFirst().done(5);
    Entry both = next();
    assertThat(both.proposals()).containsExactly(one, other);
    return both;
  }

  @Test
  void whoComesWhileOthersAreUnderWayGoesTogether() throws Exception {
    List<Entry> alone = busy();
    List<Proposal> meanwhile = new ArrayList<>();
    for (int i = 0; i < Bundle.MOST + 6; i++) {
      meanwhile.add(add(10));
    }
    assertThat(submitted.poll(50, TimeUnit.MILLISECONDS)).isNull();
    alone.getFirst().done(5);
    Entry first = next();
    assertThat(first.proposals()).isEqualTo(meanwhile.subList(0, Bundle.MOST));
    alone.getLast().fail("it is not known");
    assertThat(next().proposals()).isEqualTo(meanwhile.subList(Bundle.MOST, meanwhile.size()));
    first.done(9);
    for (int i = 0; i < Bundle.MOST; i++) {
      assertThat(meanwhile.get(i).future.join()).isEqualTo(Bundle.place(9, i));
    }
  }

  @Test
  void anEntryIsNoLongerThanWhatTheVotersTake() throws Exception {
    List<Entry> underWay = busy();
    Proposal small = add(10);
    Proposal large = add(Consensus.MOST_BYTES);
    Proposal last = add(10);
    for (Proposal each : List.of(small, large, last)) {
      underWay.removeFirst().done(5);
      underWay.add(next());
      assertThat(underWay.getLast().proposals()).containsExactly(each);
    }
  }

  /** Nothing of it was taken, so all that was in it may be tried elsewhere. */
  @Test
  void whoGivesUpBeforeItIsAppendedTakesTheEntryBack() throws Exception {
    Entry both = together();
    Proposal one = both.proposals().getFirst();
    Proposal other = both.proposals().getLast();
    one.fail("no answer in time");
    assertThat(proposals.take(both.number)).isFalse();
    assertFailed(one, NotLeader.class);
    assertFailed(other, NotLeader.class);
  }

  @Test
  void whoGivesUpAfterThatDoesNotKnowAndTheOthersGoOn() throws Exception {
    Entry both = together();
    Proposal one = both.proposals().getFirst();
    Proposal other = both.proposals().getLast();
    assertThat(proposals.take(both.number)).isTrue();
    one.fail("no answer in time");
    assertFailed(one, Unknown.class);
    both.done(8);
    assertThat(other.future.join()).isEqualTo(Bundle.place(8, 1));
  }

  @Test
  void whoGivesUpWhileItWaitsIsInNoEntry() throws Exception {
    List<Entry> alone = busy();
    Proposal gone = add(10);
    Proposal stays = add(10);
    gone.fail("no answer in time");
    assertFailed(gone, NotLeader.class);
    alone.getFirst().done(5);
    assertThat(next().proposals()).containsExactly(stays);
  }

  @Test
  void entriesThatNobodyAnswersKeepNobodyBackForEver() throws Exception {
    for (Entry silent : busy()) {
      assertThat(proposals.take(silent.number)).isTrue();
      silent.proposals().forEach(p -> p.fail("no answer in time"));
    }
    Proposal later = add(10);
    assertThat(next().proposals()).containsExactly(later);
  }

  /** Its timer has minutes to go, and thousands may be in work in that time. */
  @Test
  void aCommandThatIsDoneIsKeptByNobody() throws Exception {
    byte[] command = new byte[10];
    WeakReference<byte[]> known = new WeakReference<>(command);
    Proposal proposal = proposals.begin(command, LONG);
    command = null;
    submitter.add(proposal);
    next().done(5);
    await()
        .until(
            () -> {
              System.gc();
              return known.refersTo(null);
            });
    assertThat(proposal.future).isDone();
  }

  @Test
  void afterTheEndNothingIsTaken() {
    submitter.close();
    Proposal late = add(10);
    await().until(late.future::isDone);
    assertFailed(late, NotLeader.class);
  }

  private static void assertFailed(Proposal proposal, Class<? extends Exception> kind) {
    assertThatThrownBy(proposal.future::join)
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(kind);
  }
}
