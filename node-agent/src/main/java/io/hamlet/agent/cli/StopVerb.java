package io.hamlet.agent.cli;

import io.hamlet.client.Ack;
import io.hamlet.client.Ham;
import io.hamlet.client.Receipt;
import java.time.Duration;

/** {@code ham stop}. */
final class StopVerb implements Verb {
  private static final Duration QUIET = Duration.ofSeconds(1);
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @Override
  public Spec spec() {
    return Spec.of(
            "stop",
            "",
            "end the node; its entities run on unless --entities",
            Opt.flag("entities", "end them too: TERM, then KILL, the whole group"),
            Opt.value("kill-after", "D", "between TERM and KILL (10s)"))
        .details(
            """
              The only way to stop a node: what is killed is started again. Returns when the node's
              processes are gone, so that ham run may follow; waits for that 30s and --kill-after,
              or --timeout, and exits 2 when they are still there. The end of a node on another
              machine is not awaited. Without --ack it waits for the node's own disk only, in a cluster too.
            """);
  }

  @Override
  public ExitCode run(Call call) throws InterruptedException {
    Args args = call.args();
    boolean entities = args.has("entities");
    if (args.has("kill-after") && !entities) {
      throw args.wrong("--kill-after belongs to --entities");
    }
    Duration killAfter = args.duration("kill-after", Duration.ZERO);
    try (Departure departure = Departure.of(call.ham().status())) {
      // A node that ends does not wait for replicas; they learn of it when it is back.
      Ham ham = args.has("ack") ? call.ham() : call.ham().withAck(Ack.DURABLE);
      Receipt receipt = entities ? ham.stopWithEntities(killAfter) : ham.stop();
      Boolean ended = departure == null ? null : await(call, departure, receipt.node(), killAfter);
      String text = "node " + receipt.node() + (ended == null ? " stops" : " has ended");
      if (Boolean.FALSE.equals(ended)) {
        text = "node " + receipt.node() + " was told to stop, and is still there";
      }
      ExitCode code =
          call.changed(
              receipt,
              text + (entities ? ", and its entities" : ""),
              Json.object("node", receipt.node(), "entities", entities, "ended", ended));
      return Boolean.FALSE.equals(ended) ? ExitCode.NO : code;
    }
  }

  private static boolean await(Call call, Departure departure, String node, Duration killAfter) {
    if (departure.await(QUIET)) {
      return true;
    }
    call.note("waiting for the processes of node " + node + " to end");
    return departure.await(call.args().duration("timeout", LIMIT.plus(killAfter)));
  }
}
