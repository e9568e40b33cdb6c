package io.hamlet.agent.demo;

import java.util.function.Consumer;

/** One thing that the demo shows. */
interface Step {
  /** As numbered in cli.md 6. */
  int number();

  String title();

  /**
   * Does it, and looks at what came of it from outside.
   *
   * @param tell takes lines for people
   */
  StepResult run(DemoCluster cluster, Consumer<String> tell) throws InterruptedException;
}
