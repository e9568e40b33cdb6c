package io.hamlet.manager.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.MethodDescriptor;
import org.apache.ratis.thirdparty.io.grpc.ServerCall;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.junit.jupiter.api.Test;

class UnansweredTest {
  private static final AppendEntriesRequestProto SIGN =
      AppendEntriesRequestProto.getDefaultInstance();
  private static final AppendEntriesRequestProto ENTRIES =
      SIGN.toBuilder().addEntries(LogEntryProto.getDefaultInstance()).build();
  private static final AppendEntriesReplyProto ANSWER =
      AppendEntriesReplyProto.getDefaultInstance();

  private final Unanswered unanswered = new Unanswered();
  private ServerCall<AppendEntriesRequestProto, AppendEntriesReplyProto> voter;

  @Test
  void theOldestIsWhatWasSentFirstAndNotAnswered() {
    assertThat(unanswered.oldest()).isEqualTo(Unanswered.NONE);
    ServerCall.Listener<AppendEntriesRequestProto> stream = stream();
    stream.onMessage(ENTRIES);
    long first = unanswered.oldest();
    assertThat(first).isPositive();
    stream.onMessage(ENTRIES);
    assertThat(unanswered.oldest()).isEqualTo(first);
    voter.sendMessage(ANSWER);
    assertThat(unanswered.oldest()).isGreaterThan(first);
    voter.sendMessage(ANSWER);
    assertThat(unanswered.oldest()).isEqualTo(Unanswered.NONE);
  }

  @Test
  void signsOfLifeAreNotCounted() {
    ServerCall.Listener<AppendEntriesRequestProto> stream = stream();
    stream.onMessage(SIGN);
    assertThat(unanswered.oldest()).isEqualTo(Unanswered.NONE);
    stream.onMessage(ENTRIES);
    voter.sendMessage(ANSWER.toBuilder().setIsHearbeat(true).build());
    assertThat(unanswered.oldest()).isPositive();
  }

  /** Nobody waits for those answers, and Ratis gives none. */
  @Test
  void whatAStreamLeavesBehindIsNotCounted() {
    ServerCall.Listener<AppendEntriesRequestProto> ended = stream();
    ended.onMessage(ENTRIES);
    ended.onHalfClose();
    assertThat(unanswered.oldest()).isEqualTo(Unanswered.NONE);
    ServerCall.Listener<AppendEntriesRequestProto> cancelled = stream();
    cancelled.onMessage(ENTRIES);
    cancelled.onCancel();
    assertThat(unanswered.oldest()).isEqualTo(Unanswered.NONE);
    stream().onMessage(ENTRIES);
    voter.close(Status.UNKNOWN, new Metadata());
    assertThat(unanswered.oldest()).isEqualTo(Unanswered.NONE);
  }

  private ServerCall.Listener<AppendEntriesRequestProto> stream() {
    return unanswered.interceptCall(
        new Nowhere(),
        new Metadata(),
        (call, headers) -> {
          voter = call;
          return new ServerCall.Listener<>() {};
        });
  }

  private static final class Nowhere
      extends ServerCall<AppendEntriesRequestProto, AppendEntriesReplyProto> {
    @Override
    public void request(int messages) {}

    @Override
    public void sendHeaders(Metadata headers) {}

    @Override
    public void sendMessage(AppendEntriesReplyProto message) {}

    @Override
    public void close(Status status, Metadata trailers) {}

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public MethodDescriptor<AppendEntriesRequestProto, AppendEntriesReplyProto>
        getMethodDescriptor() {
      return null;
    }
  }
}
