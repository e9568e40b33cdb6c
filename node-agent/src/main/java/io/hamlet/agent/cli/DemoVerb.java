package io.hamlet.agent.cli;

import io.hamlet.agent.demo.Demo;
import io.hamlet.agent.demo.DemoFailure;
import io.hamlet.agent.demo.StepResult;
import java.nio.file.Path;
import java.util.List;

/** {@code ham demo}. */
final class DemoVerb implements Verb {
  /** Set by deploy/bin/ham: its own path. */
  static final String PROGRAM = "hamlet.program";

  @Override
  public Spec spec() {
    return Spec.of(
            "demo",
            "",
            "see it work: real processes, broken on purpose",
            Opt.value("nodes", "N", "how many nodes: 1, or 3 to 7 (3); one does steps 1 to 3 only"),
            Opt.flag("keep", "leave the nodes running"))
        .details(
            """
              Needs no configuration, no root and no network beyond the loopback. It starts nodes of
              its own, and exits with 0 only if every step did what it says, as seen from outside.
            """);
  }

  @Override
  public ExitCode run(Call call) throws InterruptedException {
    Args args = call.args();
    long nodes = args.number("nodes", Demo.CLUSTER);
    if (nodes != 1 && (nodes < Demo.CLUSTER || nodes > Demo.MOST_NODES)) {
      throw args.wrong(
          "--nodes: 1, or "
              + Demo.CLUSTER
              + " to "
              + Demo.MOST_NODES
              + ", because the others must"
              + " be a majority when one is lost");
    }
    String program = System.getProperty(PROGRAM);
    if (program == null) {
      throw new Failure(ExitCode.CONFIGURATION, "the demo is started by deploy/bin/ham demo");
    }
    try {
      List<StepResult> results =
          new Demo(Path.of(program), line -> tell(call, line)).run((int) nodes, args.has("keep"));
      print(call, results);
      return results.stream().allMatch(StepResult::ok) ? ExitCode.DONE : ExitCode.NO;
    } catch (DemoFailure e) {
      throw new Failure(ExitCode.NO, e.getMessage());
    }
  }

  /** Narration, which is no part of a JSON result. */
  private static void tell(Call call, String line) {
    if (call.isJson()) {
      call.note(line);
    } else {
      call.print(line);
      call.caller().out().flush();
    }
  }

  private static void print(Call call, List<StepResult> results) {
    if (call.isJson()) {
      call.printJson(Json.object("steps", results.stream().map(DemoVerb::document).toList()));
      return;
    }
    call.print("");
    call.print("step  result        ms  what");
    for (StepResult result : results) {
      call.print(
          "%4d  %-8s %7d  %s"
              .formatted(
                  result.step(), result.ok() ? "ok" : "FAILED", result.ms(), result.title()));
    }
  }

  private static Object document(StepResult result) {
    return Json.object(
        "step", result.step(),
        "ok", result.ok(),
        "ms", result.ms(),
        "title", result.title(),
        "evidence", result.evidence());
  }
}
