package io.hamlet.manager.wire;

import static io.hamlet.manager.wire.RequestCodec.field;

import io.hamlet.core.cluster.Chair;
import io.hamlet.core.cluster.Maintenance;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.NodeName;
import io.hamlet.core.model.OwnerPolicy;
import io.hamlet.core.model.Refused;
import io.hamlet.core.recovery.Command;
import io.hamlet.v1.ArrangeRequest;
import io.hamlet.v1.ConfirmFencedRequest;
import io.hamlet.v1.LeadRequest;
import java.time.Duration;

/** What operators want of the cluster. Throws {@link Refused} that names the field. */
public final class ArrangeCodec {
  private static final Duration LONGEST = Duration.ofDays(366);

  private ArrangeCodec() {}

  public static Command arrange(ArrangeRequest request) {
    return switch (request.getWishCase()) {
      case MOVE ->
          new Command.Move(
              field("move.entity", () -> new Name(request.getMove().getEntity())),
              node("move.node", request.getMove().getNode()));
      case STANDBY ->
          new Command.Standby(
              node("standby.node", request.getStandby().getNode()), request.getStandby().getOn());
      case DRAIN -> new Command.Drain(node("drain", request.getDrain()));
      case MAINTAIN -> maintain(request.getMaintain());
      case END_MAINTENANCE -> {
        io.hamlet.v1.Maintenance m = request.getEndMaintenance();
        field("end_maintenance", () -> Maintenance.Key.parse(m.getScope(), m.getOwner()));
        yield new Command.EndMaintenance(m.getScope(), m.getOwner());
      }
      case WISH_NOT_SET -> throw Refused.invalid("wish: says nothing that this manager knows");
    };
  }

  private static Command maintain(io.hamlet.v1.Maintenance m) {
    if (m.getForMs() < 0 || m.getForMs() > LONGEST.toMillis()) {
      throw Refused.invalid("maintain.for_ms: a maintenance is no longer than 366 days");
    }
    field(
        "maintain",
        () -> new Maintenance(Maintenance.Key.parse(m.getScope(), m.getOwner()), m.getReason(), 0));
    return new Command.Maintain(
        m.getScope(), m.getOwner(), m.getReason(), Duration.ofMillis(m.getForMs()));
  }

  public static Command confirmFenced(ConfirmFencedRequest request) {
    return new Command.ConfirmFenced(node("fenced", request.getFenced()));
  }

  /** Throws Refused that names the field. */
  public static Command lead(LeadRequest request) {
    if (request.getTurn() < 0) {
      throw Refused.invalid("turn: is out of range");
    }
    Name name = field("name", () -> new Name(request.getName()));
    long span = request.getSpanMs();
    if (request.getTurn() > 0) {
      long nanos = span < 0 || span > LONGEST.toMillis() ? -1 : span * 1_000_000;
      Chair.check(request.getTurn(), nanos, request.getWho());
    }
    return new Command.Lead(
        name,
        request.getHolder(),
        request.getTurn(),
        Duration.ofMillis(request.getTurn() > 0 ? span : 0),
        request.getWho());
  }

  static OwnerPolicy owner(io.hamlet.v1.OwnerPolicy p) {
    OwnerPolicy.QuorumLoss loss =
        switch (p.getQuorumLoss()) {
          case QUORUM_LOSS_UNSPECIFIED, STOP -> OwnerPolicy.QuorumLoss.STOP;
          case KEEP -> OwnerPolicy.QuorumLoss.KEEP;
          case UNRECOGNIZED ->
              throw RequestCodec.unknown("owner.quorum_loss", p.getQuorumLossValue());
        };
    return field("owner", () -> new OwnerPolicy(p.getPreferList(), loss, p.getFailback()));
  }

  private static String node(String field, String name) {
    if (!NodeName.isOne(name)) {
      throw Refused.invalid(field + ": a node name is " + NodeName.RULE);
    }
    return name;
  }
}
