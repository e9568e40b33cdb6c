package io.hamlet.agent.demo;

import io.hamlet.client.HamException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Starts nodes of its own, breaks things, and tells what was seen. */
public final class Demo {
  /** Fewer cannot lose a node and go on. */
  public static final int CLUSTER = 3;

  public static final int MOST_NODES = 7;

  private static final List<Step> ON_ONE =
      List.of(new KillStep(), new HangStep(), new TakeoverStep());
  private static final List<Step> ON_MANY =
      List.of(new RaiseStep(), new NodeLostStep(), new ReturnStep());

  private final Path program;
  private final Consumer<String> tell;

  /**
   * @param program what starts a node, {@code deploy/bin/ham}
   * @param tell takes lines for people
   */
  public Demo(Path program, Consumer<String> tell) {
    this.program = program;
    this.tell = tell;
  }

  /**
   * All steps that so many nodes can do. Throws {@link DemoFailure} when a node cannot be started,
   * or when something is left running at the end.
   *
   * @param nodes 1, or {@link #CLUSTER} to {@link #MOST_NODES}
   * @param keep leave the nodes running
   */
  public List<StepResult> run(int nodes, boolean keep) throws InterruptedException {
    long start = System.nanoTime();
    DemoCluster cluster = DemoCluster.start(program, nodes);
    Thread cleaner = Thread.ofPlatform().unstarted(() -> clean(cluster));
    Runtime.getRuntime().addShutdownHook(cleaner);
    long millis = (System.nanoTime() - start) / 1_000_000;
    for (DemoNode node : cluster.nodes()) {
      tell.accept(
          "node %s: launcher %d, HAM %d"
              .formatted(node.name(), node.launcherPid(), node.managerPid()));
    }
    tell.accept(
        nodes == 1
            ? "it answers after " + millis + " ms"
            : "they answer, and know each other, after " + millis + " ms");
    List<StepResult> results = new ArrayList<>();
    for (Step step : steps(nodes)) {
      results.add(attempt(step, cluster));
    }
    Runtime.getRuntime().removeShutdownHook(cleaner);
    if (keep) {
      for (DemoNode node : cluster.nodes()) {
        tell.accept(
            node.name() + " stays: ham --server " + node.address() + " stop --entities ends it");
      }
    } else {
      List<Long> left = cluster.end();
      if (!left.isEmpty()) {
        throw new DemoFailure("processes " + left + " did not end with their node; killed now");
      }
      tell.accept("all is stopped, and nothing is left of it");
    }
    return results;
  }

  private static List<Step> steps(int nodes) {
    List<Step> all = new ArrayList<>(ON_ONE);
    if (nodes >= CLUSTER) {
      all.addAll(ON_MANY);
    }
    return all;
  }

  private StepResult attempt(Step step, DemoCluster cluster) throws InterruptedException {
    tell.accept(step.number() + ". " + step.title());
    long start = System.nanoTime();
    try {
      return step.run(cluster, line -> tell.accept("   " + line));
    } catch (DemoFailure | HamException e) {
      tell.accept("   failed: " + e.getMessage());
      long millis = (System.nanoTime() - start) / 1_000_000;
      return new StepResult(
          step.number(), step.title(), false, millis, Map.of("failure", e.getMessage()));
    }
  }

  /** When the demo is interrupted. */
  private static void clean(DemoCluster cluster) {
    try {
      cluster.end();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
