package io.hamlet.agent.cli;

import io.hamlet.client.Receipt;

/** {@code ham move}. */
final class MoveVerb implements Verb {
  @Override
  public Spec spec() {
    return Spec.of("move", "ENTITY NODE", "run an entity of the cluster on another node")
        .details(
            """
              Done when its owner has been told to give it back; it is started on NODE when it has
              stopped. 'ham cat *:ENTITY' says where it is.
            """);
  }

  @Override
  public ExitCode run(Call call) throws InterruptedException {
    String entity = Call.local(call.args().positional(0));
    String node = call.args().positional(1);
    Receipt receipt = call.ham().cluster().move(entity, node);
    return call.changed(
        receipt, entity + " goes to " + node, Json.object("entity", entity, "to", node));
  }
}
