package io.hamlet.agent.cli;

import io.hamlet.client.Receipt;

/** {@code ham state}. */
final class StateVerb implements Verb {
  @Override
  public Spec spec() {
    return Spec.of("state", "ENTITY N", "publish the state that an entity has entered");
  }

  @Override
  public ExitCode run(Call call) throws InterruptedException {
    Place place = Place.of(call, call.args().positional(0), "entity");
    int state = call.args().numberAt(1, "N");
    Receipt receipt = place.entity().publishState(state);
    return call.changed(
        receipt,
        place.last() + " is in state " + state,
        Json.object("node", receipt.node(), "path", place.last(), "state", state));
  }
}
