package io.hamlet.agent.cli;

import io.hamlet.client.Receipt;

/** {@code ham voter}. */
final class VoterVerb implements Verb {
  @Override
  public Spec spec() {
    return Spec.of("voter", "add|remove NODE", "have a node vote, or vote no more")
        .details(
            """
              Voters agree on who is in the cluster and who is lost, so a majority of them must be
              there. One at a time is added or removed. A node that is added must run. One that lost
              its STATE has lost its votes too: remove it, then add it.
            """);
  }

  @Override
  public ExitCode run(Call call) throws InterruptedException {
    boolean votes =
        switch (call.args().positional(0)) {
          case "add" -> true;
          case "remove" -> false;
          default ->
              throw call.args().wrong("'" + call.args().positional(0) + "' is none of add|remove");
        };
    String node = call.args().positional(1);
    Receipt receipt = call.ham().cluster().setVoter(node, votes);
    return call.changed(
        receipt,
        "node " + node + (votes ? " votes" : " votes no more"),
        Json.object("node", node, "voter", votes));
  }
}
