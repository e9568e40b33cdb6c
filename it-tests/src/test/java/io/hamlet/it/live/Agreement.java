package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.client.Status;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Every tree is the same wherever it is kept: that of a node in its replicas, and the cluster's own
 * in the ledger of each node. Nobody is asked who would pass the question on.
 */
final class Agreement {
  private Agreement() {}

  /** Waits for it. All of these are up, and all keep all. */
  static void await(List<LiveNode> nodes) {
    for (LiveNode writer : nodes) {
      Until.isTrue("all agree on " + writer.name(), () -> isOne(Kept.of(writer.name(), nodes)));
    }
    Until.isTrue("all agree on the cluster", () -> isOne(ledgers(nodes)));
  }

  private static boolean isOne(Map<String, String> versions) {
    assertThat(versions).doesNotContainValue("nothing");
    assertThat(versions.values().stream().distinct()).as("%s", versions).hasSize(1);
    return true;
  }

  /** How far each node itself knows the tree of the cluster, and the digest of that. */
  static Map<String, String> ledgers(List<LiveNode> nodes) throws InterruptedException {
    Map<String, String> ledgers = new TreeMap<>();
    for (LiveNode node : nodes) {
      Status.Cluster known = node.ham().statusWithDigest().cluster();
      assertThat(known.digest()).hasSize(64);
      ledgers.put(node.name(), known.index() + " " + known.digest());
    }
    return ledgers;
  }
}
