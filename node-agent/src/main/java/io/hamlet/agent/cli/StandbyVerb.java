package io.hamlet.agent.cli;

import io.hamlet.client.Cluster;
import io.hamlet.client.Receipt;

/** {@code ham standby}, {@code ham active} and {@code ham drain}. */
final class StandbyVerb implements Verb {
  private final String name;
  private final String summary;
  private final String done;

  private StandbyVerb(String name, String summary, String done) {
    this.name = name;
    this.summary = summary;
    this.done = done;
  }

  static Verb standby() {
    return new StandbyVerb(
        "standby", "let a node run nothing for the cluster", "is on standby; 'ham active' ends it");
  }

  static Verb active() {
    return new StandbyVerb("active", "end the standby or drain of a node", "is active");
  }

  static Verb drain() {
    return new StandbyVerb(
        "drain",
        "empty a node; nothing is down for that",
        "is being drained; 'ham active' ends it");
  }

  @Override
  public Spec spec() {
    return Spec.of(name, "NODE", summary);
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
