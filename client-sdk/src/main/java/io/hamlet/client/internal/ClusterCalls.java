package io.hamlet.client.internal;

import io.hamlet.client.ClusterPolicy;
import io.hamlet.client.Command;
import io.hamlet.client.Entity;
import io.hamlet.client.Flag;
import io.hamlet.client.Forecast;
import io.hamlet.client.OwnerWatch;
import io.hamlet.client.Ownership;
import io.hamlet.client.Receipt;
import io.hamlet.v1.ArrangeRequest;
import io.hamlet.v1.AttachRequest;
import io.hamlet.v1.ConfirmFencedRequest;
import io.hamlet.v1.HamGrpc;
import io.hamlet.v1.SetVoterRequest;
import io.hamlet.v1.SimulateRequest;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** What is asked of the cluster as a whole. Thread-safe. */
public final class ClusterCalls {
  private final Session session;

  /**
   * @param session that means the cluster tree
   */
  public ClusterCalls(Session session) {
    this.session = session;
  }

  public Entity attach(String name, Command command, ClusterPolicy policy, Flag.OfEntity... flags)
      throws InterruptedException {
    return (Entity)
        session.made(
            HamGrpc.getAttachMethod(),
            header ->
                AttachRequest.newBuilder()
                    .setHeader(header)
                    .setName(name)
                    .setSpec(Wire.spec(command))
                    .setFlags(Flag.bits(List.of(flags)))
                    .setOwner(Wire.policy(policy))
                    .build());
  }

  public Ownership owner(String entity) throws InterruptedException {
    return new OwnerCalls(session, entity, new BootClock()).ask();
  }

  public OwnerWatch watchOwner(String entity) throws InterruptedException {
    return OwnerFollower.begin(session, new OwnerCalls(session, entity, new BootClock()));
  }

  public Receipt move(String entity, String to) throws InterruptedException {
    return arrange(r -> r.setMove(ArrangeRequest.Move.newBuilder().setEntity(entity).setNode(to)));
  }

  public Receipt standby(String whose, boolean on) throws InterruptedException {
    return arrange(r -> r.setStandby(ArrangeRequest.Standby.newBuilder().setNode(whose).setOn(on)));
  }

  public Receipt setVoter(String node, boolean votes) throws InterruptedException {
    return session.changed(
        HamGrpc.getSetVoterMethod(),
        h -> SetVoterRequest.newBuilder().setHeader(h).setNode(node).setVotes(votes).build());
  }

  public Receipt drain(String whose) throws InterruptedException {
    return arrange(r -> r.setDrain(whose));
  }

  public Receipt maintain(String scope, String owner, String reason, Duration span)
      throws InterruptedException {
    return arrange(
        r ->
            r.getMaintainBuilder()
                .setScope(scope)
                .setOwner(owner)
                .setReason(reason)
                .setForMs(span.toMillis()));
  }

  public Receipt endMaintenance(String scope, String owner) throws InterruptedException {
    return arrange(r -> r.getEndMaintenanceBuilder().setScope(scope).setOwner(owner));
  }

  private Receipt arrange(Consumer<ArrangeRequest.Builder> wish) throws InterruptedException {
    return session.changed(
        HamGrpc.getArrangeMethod(),
        header -> {
          ArrangeRequest.Builder request = ArrangeRequest.newBuilder().setHeader(header);
          wish.accept(request);
          return request.build();
        });
  }

  public Receipt confirmFenced(String whose) throws InterruptedException {
    return session.changed(
        HamGrpc.getConfirmFencedMethod(),
        h -> ConfirmFencedRequest.newBuilder().setHeader(h).setFenced(whose).build());
  }

  public Forecast simulate(List<String> lost) throws InterruptedException {
    return Wire.forecast(
        session.ask(
            HamGrpc.getSimulateMethod(),
            h -> SimulateRequest.newBuilder().setHeader(h).addAllLost(lost).build()));
  }
}
