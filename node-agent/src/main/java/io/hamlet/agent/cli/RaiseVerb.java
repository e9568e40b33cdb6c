package io.hamlet.agent.cli;

import io.hamlet.client.Receipt;

/** {@code ham raise}. */
final class RaiseVerb implements Verb {
  @Override
  public Spec spec() {
    return Spec.of("raise", "ENTITY TYPE CLASS SEVERITY", "raise a condition for an entity")
        .details("  The three numbers mean what publisher and subscribers agree on.\n");
  }

  @Override
  public ExitCode run(Call call) throws InterruptedException {
    Args args = call.args();
    Place place = Place.of(call, args.positional(0), "entity");
    int type = args.numberAt(1, "TYPE");
    int clazz = args.numberAt(2, "CLASS");
    int severity = args.numberAt(3, "SEVERITY");
    Receipt receipt = place.entity().raise(type, clazz, severity);
    return call.changed(
        receipt,
        "raised for " + place.last(),
        Json.object(
            "node",
            receipt.node(),
            "path",
            place.last(),
            "type",
            type,
            "class",
            clazz,
            "severity",
            severity));
  }
}
