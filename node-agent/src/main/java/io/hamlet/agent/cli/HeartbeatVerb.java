package io.hamlet.agent.cli;

import io.hamlet.client.Answer;
import io.hamlet.client.HeartbeatControl;

/** {@code ham heartbeat}. */
final class HeartbeatVerb implements Verb {
  @Override
  public Spec spec() {
    return Spec.of(
            "heartbeat", "suspend|active|query", "suspend all heartbeat checks, or resume them")
        .details(
            """
              Shows whether they were suspended before. While they are, nobody's misses count; at
              resuming everybody counts as having beaten just then.
            """);
  }

  @Override
  public ExitCode run(Call call) throws InterruptedException {
    HeartbeatControl verb =
        switch (call.args().positional(0)) {
          case "suspend" -> HeartbeatControl.SUSPEND;
          case "active" -> HeartbeatControl.ACTIVE;
          case "query" -> HeartbeatControl.QUERY;
          default ->
              throw call.args()
                  .wrong("'" + call.args().positional(0) + "' is none of suspend|active|query");
        };
    Answer<Boolean> before = call.ham().heartbeats(verb);
    return call.changed(
        before.receipt(),
        before.value() ? "suspended" : "active",
        Json.object("suspended", before.value()));
  }
}
