package io.hamlet.agent.demo;

import io.hamlet.client.Command;
import io.hamlet.client.HamException;
import io.hamlet.client.Status;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** The HAM is killed; its Guardian takes over, and no entity notices. */
final class TakeoverStep implements Step {
  private static final String ENTITY = "bystander";
  private static final long PATIENCE_NANOS = 20_000_000_000L;

  @Override
  public int number() {
    return 3;
  }

  @Override
  public String title() {
    return "the manager itself is killed; its Guardian takes over";
  }

  @Override
  public StepResult run(DemoCluster cluster, Consumer<String> tell) throws InterruptedException {
    DemoNode node = cluster.node(0);
    final long entity = node.ham().attach(ENTITY, Command.of("/bin/sleep", "86401")).pid();
    Status before = standing(node, 0);
    final long ham = before.ham().pid();
    final long guardian = before.guardian().pid();
    final String digest = node.ham().statusWithDigest().digest();
    tell.accept("HAM " + ham + " acts, Guardian " + guardian + " stands guard; kill -9 " + ham);
    long start = System.nanoTime();
    Outside.signal("KILL", ham);
    long acting = acting(node, ham);
    final long millis = (System.nanoTime() - start) / 1_000_000;
    tell.accept("the Guardian answers as HAM after " + millis + " ms");
    Status after = standing(node, guardian);
    long guarded = (System.nanoTime() - start) / 1_000_000;
    tell.accept("a new Guardian, " + after.guardian().pid() + ", after " + guarded + " ms");
    long same = node.ham().read(ENTITY, 0).objects().getFirst().pid();
    String digestAfter = node.ham().statusWithDigest().digest();
    tell.accept(ENTITY + " is still process " + same + "; the state is the same to the last bit");
    Map<String, Object> evidence = new LinkedHashMap<>();
    evidence.put("node", node.name());
    evidence.put("ham_before", ham);
    evidence.put("guardian_before", guardian);
    evidence.put("ham_after", acting);
    evidence.put("guardian_after", after.guardian().pid());
    evidence.put("ham_before_runs", Outside.runs(ham));
    evidence.put("guardian_after_ms", guarded);
    evidence.put("entity_before", entity);
    evidence.put("entity_after", same);
    evidence.put("entity_runs", Outside.runs(entity));
    evidence.put("digest_before", digest);
    evidence.put("digest_after", digestAfter);
    boolean ok =
        acting == guardian
            && !Outside.runs(ham)
            && Outside.runs(after.guardian().pid())
            && same == entity
            && Outside.runs(entity)
            && digestAfter.equals(digest);
    return new StepResult(number(), title(), ok, millis, evidence);
  }

  /** The status once a Guardian other than that one stands guard. */
  private static Status standing(DemoNode node, long than) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (System.nanoTime() < end) {
      Status status = node.ham().status();
      Status.Manager guardian = status.guardian();
      if (guardian != null && guardian.pid() != than && guardian.state().isEmpty()) {
        return status;
      }
      Thread.sleep(5);
    }
    throw new DemoFailure("no Guardian stands guard; the node said:\n" + node.output());
  }

  /** The pid of the HAM that answers once it is another than that. */
  private static long acting(DemoNode node, long than) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (System.nanoTime() < end) {
      try {
        long pid = node.ham().status().ham().pid();
        if (pid != than) {
          return pid;
        }
      } catch (HamException e) {
        throw new DemoFailure("a call was lost in the takeover: " + e.getMessage());
      }
    }
    throw new DemoFailure("nobody took over; the node said:\n" + node.output());
  }
}
