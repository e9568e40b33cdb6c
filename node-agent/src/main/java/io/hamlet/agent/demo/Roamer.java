package io.hamlet.agent.demo;

import io.hamlet.client.ClusterPolicy;
import io.hamlet.client.Command;
import io.hamlet.client.Entity;
import io.hamlet.client.Ham;
import io.hamlet.client.TreeObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** An entity of the cluster: it runs on one node, and on another when that is lost. */
final class Roamer {
  private static final String NAME = "roaming";
  private static final int LOOKS = 3_000;
  private static final int PAUSE_MILLIS = 10;

  private final DemoNode survivor;
  private final Ham cluster;
  private final Entity entity;
  private final TreeObject first;

  private Roamer(DemoNode survivor, Entity entity, String home) throws InterruptedException {
    this.survivor = survivor;
    this.cluster = survivor.ham().connectNode("*");
    this.entity = entity;
    this.first = await(o -> o.pid() > 0 && o.runsOn().equals(home), "does not run on " + home);
  }

  /** Runs on that node when this returns. Empty where nothing can be ended with certainty. */
  static Optional<Roamer> start(DemoNode survivor, DemoNode on, Consumer<String> tell)
      throws InterruptedException {
    if (on.output().contains("cgroup v2 is not writable")) {
      tell.accept("cgroup v2 is not writable here, so no node may run anything for the cluster");
      return Optional.empty();
    }
    String home = on.name();
    ClusterPolicy policy = new ClusterPolicy(List.of(home), ClusterPolicy.QuorumLoss.STOP, false);
    Entity entity =
        survivor.ham().cluster().attach(NAME, Command.of("/bin/sleep", "86403"), policy);
    Roamer roamer = new Roamer(survivor, entity, home);
    tell.accept(NAME + " runs for the cluster on " + home + " as process " + roamer.first.pid());
    return Optional.of(roamer);
  }

  /**
   * Waits until it runs elsewhere, and ends it then. True when all was as it should be.
   *
   * @param killed when its node was, System.nanoTime
   */
  boolean follow(long killed, Consumer<String> tell, Map<String, Object> evidence)
      throws InterruptedException {
    TreeObject now =
        await(
            o -> o.pid() > 0 && !o.runsOn().equals(first.runsOn()) && o.token() != first.token(),
            "is not started elsewhere");
    long millis = (System.nanoTime() - killed) / 1_000_000;
    tell.accept(
        "%s runs on %s as process %d after %d ms".formatted(NAME, now.runsOn(), now.pid(), millis));
    evidence.put("roaming_from", first.runsOn());
    evidence.put("roaming_to", now.runsOn());
    evidence.put("roaming_ms", millis);
    evidence.put("roaming_pid_before", first.pid());
    evidence.put("roaming_pid_after", now.pid());
    evidence.put("roaming_token_before", first.token());
    evidence.put("roaming_token_after", now.token());
    boolean isRight =
        !Outside.runs(first.pid())
            && Outside.runs(now.pid())
            && Long.compareUnsigned(first.token(), now.token()) < 0;
    entity.detach();
    return isRight;
  }

  private TreeObject await(Predicate<TreeObject> wanted, String otherwise)
      throws InterruptedException {
    TreeObject last = null;
    for (int i = 0; i < LOOKS; i++) {
      last = cluster.read(NAME, 0).objects().getFirst();
      if (wanted.test(last)) {
        return last;
      }
      Thread.sleep(PAUSE_MILLIS);
    }
    throw new DemoFailure(
        NAME
            + " "
            + otherwise
            + ": "
            + last
            + "; "
            + survivor.name()
            + " said:\n"
            + survivor.output());
  }
}
