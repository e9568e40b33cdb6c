package io.hamlet.it.bench;

import io.hamlet.client.ClusterPolicy;
import io.hamlet.client.Command;
import io.hamlet.client.ConditionSpec;
import io.hamlet.client.Deed;
import io.hamlet.client.Entity;
import io.hamlet.client.Ham;
import io.hamlet.client.HamException;
import io.hamlet.client.Rearm;
import io.hamlet.client.Status;
import io.hamlet.client.TreeObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Looks after a cluster between the rounds of a benchmark. It reads {@code settle}, {@code attach
 * PROGRAM ARGUMENT...} and {@code move NODE} as lines; each is answered, when all is well and the
 * entity {@code sole} is where it shall be, with {@code LEADER OWNER}. It keeps no connection
 * between them, so that what is measured has no clients.
 */
final class Overseer {
  private static final long BETWEEN_LOOKS_MILLIS = 50;
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final long LIMIT_NANOS = 60_000_000_000L;
  private static final String SOLE = "sole";

  private final List<Ham> nodes = new ArrayList<>();
  private String wrong = "";

  private Overseer(String[] servers) {
    for (String server : servers) {
      nodes.add(Ham.connect(server).withTimeout(PATIENCE));
    }
  }

  /**
   * @param args the server of each node
   */
  public static void main(String[] args) throws InterruptedException, IOException {
    BufferedReader told =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = told.readLine(); line != null; line = told.readLine()) {
      Overseer now = new Overseer(args);
      try {
        System.out.println(now.done(line.split(" ")));
      } finally {
        now.nodes.forEach(Ham::close);
      }
    }
  }

  private String done(String[] words) throws InterruptedException {
    long end = System.nanoTime() + LIMIT_NANOS;
    boolean asked = false;
    while (System.nanoTime() < end) {
      try {
        if (!asked && !words[0].equals("settle") && settled("") != null) {
          ask(words);
          asked = true;
        }
        String found = settled(words[0].equals("move") ? words[1] : "");
        if (found != null && (asked || words[0].equals("settle"))) {
          return found;
        }
      } catch (HamException e) {
        wrong = e.toString();
      }
      TimeUnit.MILLISECONDS.sleep(BETWEEN_LOOKS_MILLIS);
    }
    return "unsettled " + wrong;
  }

  private void ask(String[] words) throws InterruptedException {
    Ham one = nodes.getFirst();
    if (words[0].equals("move")) {
      one.cluster().move(SOLE, words[1]);
    } else {
      Command command = Command.of(List.of(words).subList(1, words.length).toArray(String[]::new));
      Entity sole = one.cluster().attach(SOLE, command, ClusterPolicy.ANYWHERE);
      sole.condition("died", ConditionSpec.death().rearm(Rearm.ON))
          .action("again", Deed.restart(), Rearm.ON);
    }
  }

  /** Leader and owner, if all nodes say the same of all; else null. */
  private String settled(String where) throws InterruptedException {
    String said = null;
    for (Ham node : nodes) {
      Status status = node.status();
      Status.Cluster cluster = status.cluster();
      boolean whole =
          cluster.quorate()
              && !cluster.leader().isEmpty()
              && cluster.members().size() == nodes.size()
              && cluster.members().stream().allMatch(Overseer::isWell);
      String now = cluster.leader() + " " + owner(node, where);
      if (!whole || said != null && !said.equals(now)) {
        wrong = status.node() + " says " + cluster + " " + now;
        return null;
      }
      said = now;
    }
    return said.endsWith(" ?") ? null : said;
  }

  private static boolean isWell(Status.Member member) {
    return member.state().equals("up") && member.hamPid() != 0 && member.guardianPid() != 0;
  }

  /** {@code -}: nobody attached it yet; {@code ?}: it is on its way. */
  private static String owner(Ham node, String where) throws InterruptedException {
    for (TreeObject found : node.connectNode("*").read("", 1).objects()) {
      if (found.path().equals(SOLE)) {
        boolean there =
            found.state().equals("up") && (where.isEmpty() || where.equals(found.runsOn()));
        return there ? found.runsOn() : "?";
      }
    }
    return "-";
  }
}
