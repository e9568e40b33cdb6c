package io.hamlet.agent.demo;

import io.hamlet.client.Command;
import io.hamlet.client.Condition;
import io.hamlet.client.ConditionSpec;
import io.hamlet.client.Deed;
import io.hamlet.client.Entity;
import io.hamlet.client.Ham;
import io.hamlet.client.HamException;
import io.hamlet.client.Proof;
import io.hamlet.client.TreeObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A node is killed; what it ran for the cluster runs elsewhere, and a survivor serves its tree and
 * does what was to be done for that case.
 */
final class NodeLostStep implements Step {
  /** Runs on, as its node is killed and not its host. */
  static final String ENTITY = "steady";

  @Override
  public int number() {
    return 5;
  }

  @Override
  public String title() {
    return "a node is killed; its part of the cluster runs elsewhere, a survivor serves its tree";
  }

  @Override
  public StepResult run(DemoCluster cluster, Consumer<String> tell) throws InterruptedException {
    final DemoNode survivor = cluster.node(0);
    final DemoNode lost = cluster.node(cluster.size() - 1);
    Path note = survivor.directory().resolve("lost");
    final Entity steady = attach(lost, survivor, note);
    final Optional<Roamer> roaming = Roamer.start(survivor, lost, tell);
    tell.accept(
        ENTITY
            + " runs on "
            + lost.name()
            + " as process "
            + steady.pid()
            + "; kill -9 of that"
            + " node's launcher and both managers");
    long start = System.nanoTime();
    lost.kill();
    Map<String, Object> evidence = new LinkedHashMap<>();
    final boolean moved = roaming.isEmpty() || roaming.get().follow(start, tell, evidence);
    String written = awaitNote(note);
    final long millis = (System.nanoTime() - start) / 1_000_000;
    tell.accept("its condition ran on " + survivor.name() + " after " + millis + " ms: " + written);
    cluster.await(survivor, s -> isLost(s, lost.name()), "does not call " + lost.name() + " lost");
    Ham tree = survivor.ham().connectNode(lost.name());
    TreeObject served = tree.read(ENTITY, 0).objects().getFirst();
    String edit = edit(tree);
    tell.accept(
        survivor.name()
            + " serves its tree: "
            + ENTITY
            + ", pid "
            + served.pid()
            + "; and refuses a change of it: "
            + edit);
    evidence.put("node_lost", lost.name());
    evidence.put("served_by", survivor.name());
    evidence.put("entity_pid", steady.pid());
    evidence.put("entity_pid_served", served.pid());
    evidence.put("entity_runs", Outside.runs(steady.pid()));
    evidence.put("managers_run", Outside.runs(lost.managerPid()));
    evidence.put("condition_wrote", written);
    evidence.put("edit", edit);
    boolean ok =
        moved
            && written.equals(lost.name() + " " + ENTITY)
            && served.pid() == steady.pid()
            && Outside.runs(steady.pid())
            && !Outside.runs(lost.managerPid())
            && !edit.isEmpty();
    return new StepResult(number(), title(), ok, millis, evidence);
  }

  /** An entity whose loss with its node is noted by another node. */
  private static Entity attach(DemoNode on, DemoNode by, Path note) throws InterruptedException {
    Entity steady = on.ham().attach(ENTITY, Command.of("/bin/sleep", "86402"));
    Condition gone = steady.condition("gone", ConditionSpec.nodeLost(Proof.NONE));
    String script = "echo \"$HAM_NODE $HAM_ENTITY\" >\"$0.new\" && mv \"$0.new\" \"$0\"";
    gone.action(
        "note", new Deed.Execute(List.of("/bin/sh", "-c", script, note.toString()), by.name()));
    return steady;
  }

  private static boolean isLost(io.hamlet.client.Status status, String node) {
    return status.cluster().members().stream()
        .anyMatch(m -> m.node().equals(node) && m.state().equals("lost"));
  }

  /** What is said to who wants to change the tree of a lost node; empty: it was let. */
  private static String edit(Ham tree) throws InterruptedException {
    try {
      tree.entity("too-late");
      return "";
    } catch (HamException e) {
      return e.getMessage();
    }
  }

  private static String awaitNote(Path note) throws InterruptedException {
    try {
      for (int i = 0; i < 4_000 && !Files.exists(note); i++) {
        Thread.sleep(5);
      }
      return Files.exists(note) ? Files.readString(note).strip() : "";
    } catch (IOException e) {
      throw new DemoFailure("cannot read " + note + ": " + e.getMessage());
    }
  }
}
