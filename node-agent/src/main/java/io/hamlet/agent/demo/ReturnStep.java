package io.hamlet.agent.demo;

import io.hamlet.client.Status;
import io.hamlet.client.TreeObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** The killed node is started again: it knows its entities, and never touched them. */
final class ReturnStep implements Step {
  @Override
  public int number() {
    return 6;
  }

  @Override
  public String title() {
    return "that node comes back; its entities were never touched";
  }

  @Override
  public StepResult run(DemoCluster cluster, Consumer<String> tell) throws InterruptedException {
    final DemoNode survivor = cluster.node(0);
    DemoNode back = cluster.node(cluster.size() - 1);
    final TreeObject before =
        survivor.ham().connectNode(back.name()).read(NodeLostStep.ENTITY, 0).objects().getFirst();
    long start = System.nanoTime();
    back.startAgain();
    Status status =
        cluster.await(survivor, s -> isUp(s, back.name()), "does not see " + back.name() + " up");
    final long millis = (System.nanoTime() - start) / 1_000_000;
    TreeObject after = back.ham().read(NodeLostStep.ENTITY, 0).objects().getFirst();
    tell.accept(
        back.name()
            + " is up again for all after "
            + millis
            + " ms; "
            + after.path()
            + " is still process "
            + after.pid());
    back.ham().named(NodeLostStep.ENTITY).publishState(1);
    Map<String, Object> evidence = new LinkedHashMap<>();
    evidence.put("node", back.name());
    evidence.put("leader", status.cluster().leader());
    evidence.put("pid_before", before.pid());
    evidence.put("pid_after", after.pid());
    evidence.put("entity_runs", Outside.runs(after.pid()));
    evidence.put("restarts", after.restarts());
    evidence.put("deaths", after.deaths());
    boolean ok =
        before.pid() == after.pid()
            && Outside.runs(after.pid())
            && after.restarts() == 0
            && after.deaths() == 0;
    return new StepResult(number(), title(), ok, millis, evidence);
  }

  private static boolean isUp(Status status, String node) {
    return status.cluster().members().stream()
        .anyMatch(m -> m.node().equals(node) && m.state().equals("up") && m.hamPid() != 0);
  }
}
