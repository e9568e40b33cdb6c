package io.hamlet.manager.member;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.cluster.ClusterEvent;
import io.hamlet.core.model.Flags;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.ProcessSpec;
import io.hamlet.core.model.Rejection;
import io.hamlet.core.model.RequestId;
import io.hamlet.core.recovery.Command;
import io.hamlet.core.recovery.Reply;
import io.hamlet.manager.port.Ack;
import io.hamlet.manager.port.Requests.Answered;
import io.hamlet.manager.wire.ClusterCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class TreeDeskTest {
  private static final RequestId NOBODY = new RequestId(0, 0, 0);

  private final Voting cluster = new Voting("a", "b", "c");
  private final Ledger ledger = new Ledger(cluster.voter("a"));
  private final List<ClusterEvent> proposed = new ArrayList<>();
  private final TreeDesk desk =
      new TreeDesk(ledger, null, this::propose, cluster.voter("a"), 7, () -> {});

  /** Seen in CI: a leader proposes the founding, and a request that came before it was refused. */
  @Test
  void aRequestWaitsUntilTheClusterIsFounded() throws Exception {
    CompletableFuture<Answered> answer =
        desk.submit(
            new RequestId(9, 1, 0),
            new Command.Attach(
                new Name("web"), null, ProcessSpec.of(List.of("/bin/x")), Flags.OfEntity.NONE),
            Ack.MAJORITY,
            Duration.ofSeconds(30));
    desk.due(cluster.now);
    assertThat(proposed).isEmpty();
    assertThat(answer).isNotDone();

    propose(new ClusterEvent.Founded("id", List.of(new ClusterEvent.Voter("a", "a:1"))));
    desk.due(cluster.now);
    assertThat(proposed.getLast()).isInstanceOf(ClusterEvent.Tree.class);
    assertThat(answer.get().reply()).isInstanceOf(Reply.Handle.class);
  }

  /** The earlier got "the same came again", although it was no repetition but somebody else. */
  @Test
  void allWhoWishTheSameAtATimeGetTheAnswer() throws Exception {
    propose(new ClusterEvent.Founded("id", List.of(new ClusterEvent.Voter("a", "a:1"))));
    List<CompletableFuture<Answered>> answers =
        List.of(standby(new RequestId(8, 1, 0)), standby(new RequestId(9, 1, 0)), standby(NOBODY));
    desk.due(cluster.now);
    for (CompletableFuture<Answered> answer : answers) {
      assertThat(answer.get().reply()).isEqualTo(answers.getLast().get().reply());
    }
    assertThat(((Reply.No) answers.getLast().get().reply()).rejection().reason())
        .isEqualTo(Rejection.Reason.NOT_FOUND);
  }

  /** Its first copy may be committed when the opposite was wished and answered long ago. */
  @Test
  void aWishIsProposedUnderTheNameOfItsRequest() throws Exception {
    propose(new ClusterEvent.Founded("id", List.of(new ClusterEvent.Voter("a", "a:1"))));
    RequestId id = new RequestId(8, 1, 0);
    standby(id);
    desk.due(cluster.now);
    assertThat(proposed.getLast())
        .isEqualTo(new ClusterEvent.Wished(id, new ClusterEvent.Standby("nobody", true)));
    CompletableFuture<Answered> own = standby(NOBODY);
    desk.due(cluster.now);
    assertThat(((ClusterEvent.Wished) proposed.getLast()).id().client()).isEqualTo(7);
    assertThat(own).isDone();
  }

  @Test
  void aWishThatComesAgainIsAnsweredOnce() throws Exception {
    CompletableFuture<Answered> first = standby(new RequestId(8, 1, 0));
    CompletableFuture<Answered> again = standby(new RequestId(8, 1, 0));
    assertThat(((Reply.No) first.get().reply()).rejection().message()).contains("came again");
    assertThat(again).isNotDone();
  }

  private CompletableFuture<Answered> standby(RequestId id) {
    return desk.submit(
        id, new Command.Standby("nobody", true), Ack.MAJORITY, Duration.ofSeconds(30));
  }

  private CompletableFuture<Long> propose(byte[] command, Duration timeout) {
    return CompletableFuture.completedFuture(propose(decoded(command)));
  }

  /** It is committed at once. */
  private long propose(ClusterEvent event) {
    proposed.add(event);
    ledger.committed(
        proposed.size(),
        1,
        ClusterCodec.encode(new ClusterCodec.Command(cluster.voter("a").now(), event)));
    return proposed.size();
  }

  private static ClusterEvent decoded(byte[] command) {
    try {
      return ClusterCodec.decode(command).event();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
