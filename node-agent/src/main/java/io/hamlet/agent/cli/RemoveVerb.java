package io.hamlet.agent.cli;

import io.hamlet.client.Receipt;

/** {@code ham remove}. */
final class RemoveVerb implements Verb {
  @Override
  public Spec spec() {
    return Spec.of(
        "remove",
        "PATH",
        "remove a condition with its actions, an action, or a placeholder",
        Opt.value("on-fail-of", "ACTION", "PATH ends in the name of an alternate of that action"));
  }

  @Override
  public ExitCode run(Call call) throws InterruptedException {
    Args args = call.args();
    String path = args.positional(0);
    Receipt receipt;
    if (args.has("on-fail-of")) {
      Place place = Place.of(call, path, "entity/condition/alternate");
      receipt = place.action(args.text("on-fail-of")).removeOnFail(place.last());
    } else {
      receipt = call.at(path).remove();
    }
    return call.changed(
        receipt,
        Call.local(path) + " is removed",
        Json.object("node", receipt.node(), "path", Call.local(path)));
  }
}
