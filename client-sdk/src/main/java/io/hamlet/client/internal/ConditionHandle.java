package io.hamlet.client.internal;

import io.hamlet.client.Action;
import io.hamlet.client.Condition;
import io.hamlet.client.Deed;
import io.hamlet.client.Flag;
import io.hamlet.client.Rearm;
import io.hamlet.client.Receipt;
import io.hamlet.v1.AddActionRequest;
import io.hamlet.v1.HamGrpc;
import java.util.List;

/** A condition of an entity (ham.md 1.5). Immutable and thread-safe. */
final class ConditionHandle extends ObjectHandle implements Condition {
  ConditionHandle(Session session, String node, String path, long uid, Receipt receipt) {
    super(session, node, path, uid, 0, receipt);
  }

  /** Adds an action behind those that are there. */
  @Override
  public Action action(String name, Deed deed) throws InterruptedException {
    return action(name, deed, Rearm.DEFAULT);
  }

  /**
   * Adds an action.
   *
   * @param flags without REARM, which the rearm says
   */
  @Override
  public Action action(String name, Deed deed, Rearm rearm, Flag.OfAction... flags)
      throws InterruptedException {
    return (Action)
        session()
            .made(
                HamGrpc.getAddActionMethod(),
                header ->
                    AddActionRequest.newBuilder()
                        .setHeader(of(header))
                        .setCondition(target())
                        .setName(name)
                        .setDeed(Wire.deed(deed))
                        .setFlags(Flag.bits(List.of(flags)))
                        .setRearm(Wire.rearm(rearm))
                        .build());
  }

  /** The action that has that name at the time of each call; asks nobody. */
  @Override
  public Action named(String action) {
    return new ActionHandle(session(), node(), path() + "/" + action, 0, null);
  }
}
