package io.hamlet.agent.cli;

import io.hamlet.client.Receipt;

/** {@code ham resume}. */
final class ResumeVerb implements Verb {
  @Override
  public Spec spec() {
    return Spec.of("resume", "ENTITY", "start an entity again that was given up");
  }

  @Override
  public ExitCode run(Call call) throws InterruptedException {
    Place place = Place.of(call, call.args().positional(0), "entity");
    Receipt receipt = place.entity().resume();
    return call.changed(
        receipt,
        place.last() + " is resumed",
        Json.object("node", receipt.node(), "path", place.last()));
  }
}
