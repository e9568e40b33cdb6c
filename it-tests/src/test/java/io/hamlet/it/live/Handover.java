package io.hamlet.it.live;

import io.hamlet.client.Event;
import io.hamlet.client.EventStream;
import io.hamlet.client.Ham;
import io.hamlet.client.Proof;
import io.hamlet.client.WatchSpec;
import io.hamlet.client.Watched;
import java.util.ArrayList;
import java.util.List;

/** How an entity of the cluster came to the node that runs it, as that node tells it. */
final class Handover {
  private Handover() {}

  /**
   * Why whoever had it before has it no more; waits until that node knows.
   *
   * @param to whom it was given last
   */
  static String why(LiveNode to, String entity) {
    Ham star = to.ham().connectNode("*");
    return Until.given(
        to.name() + " knows why it runs " + entity,
        () -> {
          List<Event> given =
              star.why(entity).events().stream()
                  .filter(e -> List.of("placed", "relocated").contains(e.event()))
                  .toList();
          boolean known = !given.isEmpty() && given.getLast().node().equals(to.name());
          return known ? given.getLast().detail() : null;
        });
  }

  /** Nobody has asked the node itself. */
  static String proved(String node, Proof proof) {
    return node + " has ended it (" + proof.word() + ")";
  }

  /** The node was asked, and has stopped it. */
  static String givenBack(String node) {
    return "given back on " + node;
  }

  /** What was known of that node at each of its losses, as another tells it; oldest first. */
  static List<String> losses(LiveNode by, String node) throws InterruptedException {
    List<String> proofs = new ArrayList<>();
    WatchSpec past = WatchSpec.ALL.from("0").noFollow();
    try (EventStream events = by.ham().connectNode("*").watch(past)) {
      for (Watched w = events.next(); w != null; w = events.next()) {
        if (w instanceof Event e && e.event().equals("node-lost") && e.node().equals(node)) {
          proofs.add(e.path().isEmpty() ? e.reason() : "");
        }
      }
    }
    proofs.removeIf(String::isEmpty);
    return proofs;
  }
}
