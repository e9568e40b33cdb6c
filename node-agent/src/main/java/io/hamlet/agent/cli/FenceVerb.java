package io.hamlet.agent.cli;

import io.hamlet.client.Receipt;

/** {@code ham fence}. */
final class FenceVerb implements Verb {
  @Override
  public Spec spec() {
    return Spec.of(
            "fence", "confirm NODE", "vouch that a lost node, or its earlier boots, are down")
        .details(
            """
              What NODE ran for the cluster is started elsewhere at once, also what is kept without
              a majority and what could not be stopped. Say it only of a node without power.
            """);
  }

  @Override
  public ExitCode run(Call call) throws InterruptedException {
    Args args = call.args();
    if (!args.positional(0).equals("confirm")) {
      throw args.wrong("'" + args.positional(0) + "' is not confirm");
    }
    String node = args.positional(1);
    Receipt receipt = call.ham().cluster().confirmFenced(node);
    return call.changed(receipt, node + " is down, you say", Json.object("confirmed", node));
  }
}
