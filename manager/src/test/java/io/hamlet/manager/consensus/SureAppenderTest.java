package io.hamlet.manager.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.TermIndexProto;
import org.junit.jupiter.api.Test;

/**
 * Found live: with two leaders in turn at the foundation a third voter had begun its log by itself,
 * heard that entry 0 is committed, and took that for its own.
 */
class SureAppenderTest {
  private static final long COMMITTED = 7;

  /** Of all entries from one to another. */
  private static AppendEntriesRequestProto.Builder request(long from, long to) {
    AppendEntriesRequestProto.Builder b = AppendEntriesRequestProto.newBuilder();
    LongStream.rangeClosed(from, to)
        .forEach(i -> b.addEntries(LogEntryProto.newBuilder().setIndex(i)));
    return b.setLeaderTerm(4).setLeaderCommit(COMMITTED);
  }

  private static long told(AppendEntriesRequestProto.Builder request) {
    return SureAppender.sure(request.build()).getLeaderCommit();
  }

  @Test
  void aSignOfLifeThatNamesNoCommonEntryCommitsNothing() {
    assertThat(told(request(0, -1))).isEqualTo(-1);
  }

  @Test
  void withoutACommonEntryOnlyWhatIsSentIsCommitted() {
    assertThat(told(request(0, 0))).isZero();
    assertThat(told(request(0, 3))).isEqualTo(3);
    assertThat(told(request(0, 9))).isEqualTo(COMMITTED);
    assertThat(told(request(5, 6))).as("behind a snapshot").isEqualTo(6);
  }

  @Test
  void aCommonEntryIsProofEnough() {
    TermIndexProto common = TermIndexProto.newBuilder().setTerm(4).setIndex(6).build();
    AppendEntriesRequestProto sign = request(0, -1).setPreviousLog(common).build();
    assertThat(SureAppender.sure(sign)).isSameAs(sign);
  }
}
