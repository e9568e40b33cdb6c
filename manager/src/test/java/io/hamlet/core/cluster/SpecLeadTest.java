package io.hamlet.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hamlet.core.model.Name;
import io.hamlet.core.model.Refused;
import io.hamlet.core.model.Rejection;
import io.hamlet.core.recovery.Effect;
import io.hamlet.core.recovery.Reply;
import io.hamlet.manager.wire.ClusterStateCodec;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rights to lead, rule by rule. */
class SpecLeadTest {
  private static final Name BATCH = new Name("batch");
  private static final long SPAN = 3_000_000_000L;
  private final ClusterBed bed = ClusterBed.ofThree();

  private Reply claim(long holder, long turn) {
    bed.commit(new ClusterEvent.Claimed(BATCH, holder, turn, SPAN, "p" + holder));
    return bed.reply;
  }

  private Chair chair() {
    return bed.state.chairs().get(BATCH);
  }

  private List<String> told() {
    return bed.effects.stream()
        .filter(Effect.Announce.class::isInstance)
        .map(e -> ((Effect.Announce) e).happening())
        .map(h -> h.path() + " " + h.event() + " " + h.reason())
        .toList();
  }

  private static Rejection.Reason refusal(Reply reply) {
    return ((Reply.No) reply).rejection().reason();
  }

  @Test
  void whoComesFirstLeadsAndTheNextIsRefused() {
    Reply first = claim(1, 1);
    assertThat(first).isEqualTo(new Reply.Number(bed.state.last() << 20));
    assertThat(refusal(claim(2, 1))).isEqualTo(Rejection.Reason.EXISTS);
    assertThat(chair().holder()).isEqualTo(1);
    assertThat(told()).containsExactly(".lead/batch leads ");
  }

  @Test
  void whoRenewsKeepsItsTokenAndNobodyIsTold() {
    Reply first = claim(1, 1);
    bed.effects.clear();
    assertThat(claim(1, 2)).isEqualTo(first);
    assertThat(chair().renewed()).isEqualTo(bed.state.last());
    assertThat(told()).isEmpty();
  }

  @Test
  void aRequestThatComesTwiceOrLateRenewsNothing() {
    claim(1, 1);
    claim(1, 3);
    long renewed = chair().renewed();
    assertThat(claim(1, 3)).isInstanceOf(Reply.Number.class);
    assertThat(claim(1, 2)).isInstanceOf(Reply.Number.class);
    assertThat(chair().renewed()).isEqualTo(renewed);
  }

  @Test
  void whoLeadsNoMoreCannotRenewAndHasToBegin() {
    claim(1, 1);
    bed.commit(new ClusterEvent.Vacated(BATCH, 1));
    assertThat(refusal(claim(1, 2))).isEqualTo(Rejection.Reason.NOT_FOUND);
    assertThat(chair()).isNull();
  }

  @Test
  void onlyTheOneWhoLeadsGivesItUp() {
    claim(1, 1);
    assertThat(bed.commit(new ClusterEvent.Vacated(BATCH, 2))).isFalse();
    assertThat(chair()).isNotNull();
    bed.commit(new ClusterEvent.Vacated(BATCH, 1));
    assertThat(chair()).isNull();
    assertThat(told()).containsExactly(".lead/batch leads ", ".lead/batch leads-no-more given up");
  }

  @Test
  void aLapseNamesTheRenewalAndALaterOneKeepsTheRight() {
    claim(1, 1);
    long seen = chair().renewed();
    claim(1, 2);
    assertThat(bed.commit(new ClusterEvent.Lapsed(BATCH, seen))).isFalse();
    assertThat(chair()).isNotNull();
    assertThat(bed.commit(new ClusterEvent.Lapsed(BATCH, chair().renewed()))).isTrue();
    assertThat(chair()).isNull();
  }

  @Test
  void tokensRiseFromLeaderToLeader() {
    long first = ((Reply.Number) claim(1, 1)).value();
    bed.commit(new ClusterEvent.Vacated(BATCH, 1));
    long second = ((Reply.Number) claim(2, 1)).value();
    assertThat(second).isGreaterThan(first);
  }

  @Test
  void asManyLeadAsThereIsRoomFor() {
    for (int i = 0; i < Chair.MOST; i++) {
      bed.commit(new ClusterEvent.Claimed(new Name("n" + i), 1, 1, SPAN, ""));
      assertThat(bed.reply).isInstanceOf(Reply.Number.class);
    }
    assertThat(refusal(claim(1, 1))).isEqualTo(Rejection.Reason.LIMIT);
  }

  @Test
  void whatCannotBeIsRefused() {
    for (long[] bad :
        new long[][] {{0, SPAN}, {-1, SPAN}, {1, 499_999_999}, {1, 60_000_000_001L}}) {
      assertThatThrownBy(() -> new ClusterEvent.Claimed(BATCH, 1, bad[0], bad[1], ""))
          .isInstanceOf(Refused.class);
    }
    for (String bad : List.of("x".repeat(129), "a\nb", "\u001b[2J")) {
      assertThatThrownBy(() -> new ClusterEvent.Claimed(BATCH, 1, 1, SPAN, bad))
          .isInstanceOf(Refused.class);
    }
  }

  @Test
  void aSnapshotHasIt() {
    claim(-7, 1);
    claim(-7, 2);
    ClusterState read = ClusterStateCodec.decode(ClusterStateCodec.encode(bed.state));
    assertThat(read.chairs()).isEqualTo(bed.state.chairs()).hasSize(1);
    assertThat(ClusterInvariants.faults(read)).isEmpty();
  }
}
