package io.hamlet.agent.cli;

import io.hamlet.client.Receipt;

/** {@code ham detach}. */
final class DetachVerb implements Verb {
  @Override
  public Spec spec() {
    return Spec.of("detach", "NAME", "end the watch over an entity; its process lives on");
  }

  @Override
  public ExitCode run(Call call) throws InterruptedException {
    Place place = Place.of(call, call.args().positional(0), "entity");
    Receipt receipt = place.entity().detach();
    return call.changed(
        receipt,
        place.last() + " is detached",
        Json.object("node", receipt.node(), "path", place.last()));
  }
}
