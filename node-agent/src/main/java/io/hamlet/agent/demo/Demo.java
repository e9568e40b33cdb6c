package io.hamlet.agent.demo;

import io.hamlet.client.HamException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Starts a node of its own, breaks things, and tells what was seen. */
public final class Demo {
  private static final List<Step> STEPS =
      List.of(new KillStep(), new HangStep(), new TakeoverStep());

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
   * All steps, on one node. Throws {@link DemoFailure} when no node can be started, or when
   * something is left running at the end.
   *
   * @param keep leave the node running
   */
  public List<StepResult> run(boolean keep) throws InterruptedException {
    long start = System.nanoTime();
    DemoNode node = DemoNode.start(program, "demo-1");
    Thread cleaner = Thread.ofPlatform().unstarted(() -> clean(node));
    Runtime.getRuntime().addShutdownHook(cleaner);
    long millis = (System.nanoTime() - start) / 1_000_000;
    tell.accept(
        "node %s answers after %d ms: launcher %d, HAM %d"
            .formatted(node.name(), millis, node.launcherPid(), node.managerPid()));
    List<StepResult> results = new ArrayList<>();
    for (Step step : STEPS) {
      results.add(attempt(step, node));
    }
    Runtime.getRuntime().removeShutdownHook(cleaner);
    if (keep) {
      tell.accept("the node stays: ham --server " + node.address() + " stop --entities ends it");
    } else {
      List<Long> left = node.end();
      if (!left.isEmpty()) {
        throw new DemoFailure("processes " + left + " did not end with the node; killed now");
      }
      tell.accept("the node is stopped, and nothing is left of it");
    }
    return results;
  }

  private StepResult attempt(Step step, DemoNode node) throws InterruptedException {
    tell.accept(step.number() + ". " + step.title());
    long start = System.nanoTime();
    try {
      return step.run(node, line -> tell.accept("   " + line));
    } catch (DemoFailure | HamException e) {
      tell.accept("   failed: " + e.getMessage());
      long millis = (System.nanoTime() - start) / 1_000_000;
      return new StepResult(
          step.number(), step.title(), false, millis, Map.of("failure", e.getMessage()));
    }
  }

  /** When the demo is interrupted. */
  private static void clean(DemoNode node) {
    try {
      node.end();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
