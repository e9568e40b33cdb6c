package io.hamlet.agent.cli;

import io.hamlet.client.Why;

/** {@code ham why}. */
final class WhyVerb implements Verb {
  @Override
  public Spec spec() {
    return Spec.of("why", "ENTITY", "what led to the last change of an entity");
  }

  @Override
  public ExitCode run(Call call) throws InterruptedException {
    Place place = Place.of(call, call.args().positional(0), "entity");
    Why why = place.ham().why(place.last());
    if (call.isJson()) {
      call.printJson(
          Json.object(
              "entity", place.last(),
              "summary", why.summary(),
              "truncated", why.truncated(),
              "events", why.events().stream().map(Documents::of).toList()));
      return ExitCode.DONE;
    }
    call.print(why.summary());
    if (why.truncated()) {
      call.print("  (what was before is no longer known)");
    }
    boolean ofCluster = call.isOfCluster(call.args().positional(0));
    why.events().forEach(e -> call.print("  " + WatchVerb.line(e, ofCluster)));
    return ExitCode.DONE;
  }
}
