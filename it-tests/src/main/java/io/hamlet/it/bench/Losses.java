package io.hamlet.it.bench;

import io.hamlet.client.ConditionSpec;
import io.hamlet.client.Deed;
import io.hamlet.client.Entity;
import io.hamlet.client.Ham;
import io.hamlet.client.HamException;
import io.hamlet.client.Proof;
import io.hamlet.client.PulseChannel;
import io.hamlet.client.Rearm;
import io.hamlet.client.Status;
import java.util.concurrent.TimeUnit;

/**
 * Tells when a node of the cluster is lost, as one of its survivors sees it: a line with the
 * monotonic nanoseconds for each change of its state in the list of members, and {@code node-lost}
 * with them for each pulse of a condition of the cluster's global entity. {@code unanswered} and
 * why when that condition cannot be made. Runs until it is ended.
 */
final class Losses {
  private static final long BETWEEN_LOOKS_MILLIS = 2;

  private Losses() {}

  /**
   * @param args server of the survivor, its node, the node that is going to be lost
   */
  public static void main(String[] args) throws InterruptedException {
    try (Ham ham = Ham.connect(args[0]);
        PulseChannel channel = ham.openChannel()) {
      try {
        Entity global = ham.connectNode("*").named(".global");
        long pid = ProcessHandle.current().pid();
        global
            .condition("bench" + pid, ConditionSpec.nodeLost(Proof.NONE).rearm(Rearm.ON))
            .action("tell", new Deed.Pulse(args[1], pid, channel.number(), 1, 1), Rearm.ON);
        Thread.ofPlatform().daemon().start(() -> hear(channel));
      } catch (HamException e) {
        System.out.println("unanswered " + e.getMessage());
      }
      String before = "";
      while (true) {
        String now = state(ham, args[2]);
        if (!now.equals(before)) {
          System.out.println(now + " " + System.nanoTime());
        }
        before = now;
        TimeUnit.MILLISECONDS.sleep(BETWEEN_LOOKS_MILLIS);
      }
    }
  }

  private static String state(Ham ham, String node) throws InterruptedException {
    for (Status.Member member : ham.status().cluster().members()) {
      if (member.node().equals(node)) {
        boolean whole = member.hamPid() != 0 && member.guardianPid() != 0;
        return member.state().equals("up") && !whole ? "half" : member.state();
      }
    }
    return "unknown";
  }

  private static void hear(PulseChannel channel) {
    try {
      while (channel.next() != null) {
        System.out.println("node-lost " + System.nanoTime());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
