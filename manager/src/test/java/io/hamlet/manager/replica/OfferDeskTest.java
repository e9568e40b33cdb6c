package io.hamlet.manager.replica;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.hamlet.core.model.EntryId;
import io.hamlet.core.model.Flags;
import io.hamlet.core.model.Moment;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.Rejection;
import io.hamlet.core.model.RequestId;
import io.hamlet.core.recovery.Command;
import io.hamlet.core.recovery.Entry;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.core.recovery.HamState;
import io.hamlet.core.recovery.Reply;
import io.hamlet.internal.v1.ReplicaProto;
import io.hamlet.internal.v1.ReplicaProto.ReplicaMessage;
import io.hamlet.manager.port.Ack;
import io.hamlet.manager.port.ClusterBus;
import io.hamlet.manager.port.History;
import io.hamlet.manager.port.Member;
import io.hamlet.manager.port.Requests;
import io.hamlet.manager.port.Subject;
import io.hamlet.manager.wire.EntryCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What a replica offers is let go there when it is told that it was taken. */
class OfferDeskTest {
  private static final Member VOTER = new Member("v", Member.Role.HAM, 2, 1, "");

  private final List<CompletableFuture<Requests.Answered>> asked = new ArrayList<>();
  private final List<Ack> wanted = new ArrayList<>();
  private final List<Long> taken = new ArrayList<>();
  private final OfferDesk desk = new OfferDesk(new Line(), new Core());

  @Test
  void whatIsOnDiskIsTaken() throws Exception {
    offer(1);
    assertThat(wanted).containsExactly(Ack.DURABLE);
    assertThat(taken).isEmpty();
    answer(Reply.OK, true);
    assertThat(taken).containsExactly(1L);
  }

  /** A power cut would have lost it here, and the replica had let it go. */
  @Test
  void whatIsNotOnDiskInTimeIsOfferedAgain() throws Exception {
    offer(1);
    answer(Reply.OK, false);
    assertThat(taken).isEmpty();
    offer(1);
    answer(Reply.OK, true);
    assertThat(taken).containsExactly(1L);
  }

  @Test
  void whatCannotBeServedNowIsOfferedAgain() throws Exception {
    offer(1);
    answer(no(Rejection.Reason.UNAVAILABLE), true);
    offer(1);
    asked.getLast().completeExceptionally(new IllegalStateException("the core has ended"));
    assertThat(taken).isEmpty();
    offer(1);
    answer(no(Rejection.Reason.EXISTS), true);
    assertThat(taken).containsExactly(1L);
  }

  private static Reply no(Rejection.Reason reason) {
    return new Reply.No(new Rejection(reason, "no"));
  }

  private void answer(Reply reply, boolean onTime) {
    asked.getLast().complete(new Requests.Answered(reply, Ack.LOCAL, onTime));
  }

  private void offer(long number) throws Messages.Garbage {
    Command command = new Command.CreateEntity(new Name("e"), Flags.OfEntity.NONE);
    HamEvent event = new HamEvent.Requested(new RequestId(77, 1, 0), command);
    Entry entry = new Entry(new EntryId(1, 1, 5), new Moment(1, 1), event);
    ReplicaProto.Offer offer =
        ReplicaProto.Offer.newBuilder()
            .setNumber(number)
            .addEntries(ByteString.copyFrom(EntryCodec.encode(entry)))
            .build();
    desk.offered(VOTER, Messages.of("w", 0).setOffer(offer).build());
  }

  private final class Line implements ClusterBus {
    @Override
    public boolean send(Member to, Subject subject, byte[] message) {
      try {
        ReplicaMessage answer = Messages.parse(message);
        return taken.add(answer.getTaken().getNumber());
      } catch (Messages.Garbage e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public List<Member> view() {
      return List.of(VOTER);
    }
  }

  private final class Core implements Requests {
    @Override
    public CompletableFuture<Answered> submit(
        RequestId id, Command command, Ack level, Duration timeout) {
      wanted.add(level);
      asked.add(new CompletableFuture<>());
      return asked.getLast();
    }

    @Override
    public HamState state() {
      throw new AssertionError("nobody reads");
    }

    @Override
    public long durableIndex() {
      throw new AssertionError("nobody reads");
    }

    @Override
    public History history() {
      throw new AssertionError("nobody watches");
    }
  }
}
