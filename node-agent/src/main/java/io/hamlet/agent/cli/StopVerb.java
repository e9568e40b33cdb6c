package io.hamlet.agent.cli;

import io.hamlet.client.Receipt;
import java.time.Duration;

/** {@code ham stop}. */
final class StopVerb implements Verb {
  @Override
  public Spec spec() {
    return Spec.of(
            "stop",
            "",
            "end the node; its entities run on unless --entities",
            Opt.flag("entities", "end them too: TERM, then KILL, the whole group"),
            Opt.value("kill-after", "D", "between TERM and KILL (10s)"))
        .details("  The only way to stop a node: what is killed is started again.\n");
  }

  @Override
  public ExitCode run(Call call) throws InterruptedException {
    Args args = call.args();
    boolean entities = args.has("entities");
    if (args.has("kill-after") && !entities) {
      throw args.wrong("--kill-after belongs to --entities");
    }
    Duration killAfter = args.duration("kill-after", Duration.ZERO);
    Receipt receipt = entities ? call.ham().stopWithEntities(killAfter) : call.ham().stop();
    return call.changed(
        receipt,
        "node " + receipt.node() + " stops" + (entities ? ", and its entities" : ""),
        Json.object("node", receipt.node(), "entities", entities));
  }
}
