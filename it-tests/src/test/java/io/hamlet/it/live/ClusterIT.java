package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.client.Status;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterIT {
  @TempDir Path directory;

  @Test
  void threeNodesSeeEachOther() throws Exception {
    try (LiveCluster cluster = LiveCluster.start(directory, 3)) {
      Status status = cluster.node("a").ham().status();
      assertThat(status.cluster().name()).isEqualTo(cluster.name());
      assertThat(status.cluster().quorate()).isTrue();
      assertThat(status.cluster().members())
          .extracting(Status.Member::node)
          .containsExactly("a", "b", "c");
      assertThat(status.cluster().members()).allMatch(Status.Member::voter);
      assertThat(status.addresses()).hasSize(2);
      assertThat(cluster.seen("a", "b").hamPid()).isEqualTo(cluster.node("b").hamPid());
      assertThat(cluster.seen("a", "b").guardianPid()).isEqualTo(cluster.node("b").guardianPid());
      assertThat(status.notices()).noneMatch(n -> n.contains("bus"));
    }
  }
}
