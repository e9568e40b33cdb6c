package io.hamlet.agent.cli;

import io.hamlet.client.Cluster;
import io.hamlet.client.Receipt;

/** {@code ham standby}, {@code ham active} and {@code ham drain}. */
final class StandbyVerb implements Verb {
  private final String name;
  private final String summary;
  private final String done;
  private final String details;

  private StandbyVerb(String name, String summary, String done, String details) {
    this.name = name;
    this.summary = summary;
    this.done = done;
    this.details = details;
  }

  static Verb standby() {
    return new StandbyVerb(
        "standby",
        "let a node run nothing for the cluster",
        "is on standby; 'ham active' ends it",
        """
          What it runs for the cluster is stopped there at once, and started on another node
          that can take it. Its own entities run on. Done when that is decided; 'ham status'
          says how many it still runs.
        """);
  }

  static Verb active() {
    return new StandbyVerb(
        "active",
        "end the standby or drain of a node",
        "is active",
        """
          It may be chosen again. What runs elsewhere stays there, but for entities with
          --failback that prefer it.
        """);
  }

  static Verb drain() {
    return new StandbyVerb(
        "drain",
        "empty a node; nothing is down for that",
        "is being drained; 'ham active' ends it",
        """
          What it runs for the cluster moves when another node can take it, and runs on
          until then. It gets nothing new. 'ham status' says how many it still runs.
        """);
  }

  @Override
  public Spec spec() {
    return Spec.of(name, "NODE", summary).details(details);
  }

  @Override
  public ExitCode run(Call call) throws InterruptedException {
    String node = call.args().positional(0);
    Cluster cluster = call.ham().cluster();
    Receipt receipt =
        switch (name) {
          case "standby" -> cluster.standby(node);
          case "active" -> cluster.activate(node);
          default -> cluster.drain(node);
        };
    return call.changed(receipt, node + " " + done, Json.object("node", node, "duty", name));
  }
}
