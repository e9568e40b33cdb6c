package io.hamlet.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.manager.wire.ClusterStateCodec;
import org.junit.jupiter.api.Test;

/** A name that was forgotten comes again, as that of a machine that was installed anew. */
class ForgottenTest {
  private final ClusterBed bed = ClusterBed.ofThree();

  /** Found in review: voters remembered the one before, and did not hear it under a lower one. */
  @Test
  void itGetsAnIncarnationThatNobodyHasHeardOf() {
    for (int i = 1; i <= 5; i++) {
      bed.join("d");
      assertThat(bed.state.incarnation("d")).isEqualTo(i);
      bed.lose("d");
    }
    bed.commit(new ClusterEvent.Forgotten("d"));
    assertThat(bed.state.nodes()).doesNotContainKey("d");

    bed.join("d");

    assertThat(bed.state.incarnation("d")).isEqualTo(6);
    assertThat(ClusterStateCodec.decode(ClusterStateCodec.encode(bed.state))).isEqualTo(bed.state);
  }
}
