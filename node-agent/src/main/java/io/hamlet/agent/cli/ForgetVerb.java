package io.hamlet.agent.cli;

import io.hamlet.client.Receipt;

/** {@code ham forget}. */
final class ForgetVerb implements Verb {
  @Override
  public Spec spec() {
    return Spec.of("forget", "NODE", "list a lost or stopped node no longer")
        .details(
            """
              For a node that is gone for good. One that runs is refused; one that comes back after
              all is a member again. A voter is refused too: it is removed first (ham voter remove).
            """);
  }

  @Override
  public ExitCode run(Call call) throws InterruptedException {
    String gone = call.args().positional(0);
    Receipt receipt = call.ham().forget(gone);
    return call.changed(receipt, "node " + gone + " is forgotten", Json.object("forgotten", gone));
  }
}
