package io.hamlet.agent.cli;

import io.hamlet.client.Entity;
import io.hamlet.client.Flag;

/** {@code ham entity}. */
final class EntityVerb implements Verb {
  @Override
  public Spec spec() {
    return Spec.of(
        "entity",
        "NAME",
        "make a placeholder: conditions can stand under it before its process exists",
        Opt.flag("keep-on-death", "keep entity and conditions when its process is gone"));
  }

  @Override
  public ExitCode run(Call call) throws InterruptedException {
    String name = call.args().positional(0);
    Entity entity = call.hamFor(name).entity(Call.local(name), flags(call.args()));
    return call.changed(
        entity.receipt(),
        entity.path() + " is a placeholder",
        Json.object("node", entity.node(), "path", entity.path(), "pid", 0, "type", "UNATTACHED"));
  }

  static Flag.OfEntity[] flags(Args args) {
    return args.has("keep-on-death")
        ? new Flag.OfEntity[] {Flag.OfEntity.KEEP_ON_DEATH}
        : new Flag.OfEntity[0];
  }
}
