package io.hamlet.manager.api;

import com.google.protobuf.ByteString;
import io.hamlet.core.cluster.ClusterState;
import io.hamlet.core.cluster.Forecast;
import io.hamlet.core.cluster.Node;
import io.hamlet.manager.port.Directory;
import io.hamlet.manager.wire.Digest;
import io.hamlet.v1.Maintenance;
import io.hamlet.v1.SimulateRequest;
import io.hamlet.v1.SimulateResponse;
import io.hamlet.v1.StatusResponse;
import java.util.Locale;

/** The cluster as this node knows it. Of one moment. */
final class ClusterView {
  private final Directory directory;
  private final ClusterState state;

  ClusterView(Cluster cluster) {
    this.directory = cluster.directory();
    this.state = cluster.state() == null ? null : cluster.state().get();
  }

  /**
   * @param digest with that of this node's own copy, whoever leads
   */
  StatusResponse.Cluster status(boolean digest) {
    Directory.About about = directory.about();
    StatusResponse.Cluster.Builder cluster =
        StatusResponse.Cluster.newBuilder()
            .setName(about.name())
            .setId(about.id())
            .setQuorate(about.quorate())
            .setLeader(about.leader());
    directory.nodes().forEach(node -> cluster.addMembers(member(node)));
    if (state != null) {
      state.maintenances().values().forEach(m -> cluster.addMaintenances(maintenance(m)));
      cluster.setIndex(state.last());
    }
    if (state != null && digest) {
      cluster.setDigest(ByteString.copyFrom(Digest.of(state)));
    }
    return cluster.build();
  }

  private StatusResponse.Member member(Directory.Node node) {
    StatusResponse.Member.Builder member =
        StatusResponse.Member.newBuilder()
            .setNode(node.name())
            .setState(node.state().name().toLowerCase(Locale.ROOT))
            .setVoter(node.voter())
            .setHamPid(node.hamPid())
            .setGuardianPid(node.guardianPid())
            .setAddress(node.address());
    Node known = state == null ? null : state.nodes().get(node.name());
    if (known != null) {
      member
          .setStandby(known.duty().standby())
          .setDraining(known.duty().draining())
          .setFenced(known.isFenced())
          .setHeld(state.heldBy(known.name(), known.incarnation()).size());
    }
    return member.build();
  }

  private Maintenance maintenance(io.hamlet.core.cluster.Maintenance m) {
    return Maintenance.newBuilder()
        .setScope(m.key().scope())
        .setOwner(m.key().owner())
        .setReason(m.reason())
        .setUntil(m.ends() ? m.wallEnd(state.now()) : 0)
        .build();
  }

  /** What the loss of nodes would lead to; throws Refused for one that is not known. */
  static SimulateResponse simulate(ClusterState state, SimulateRequest request) {
    Forecast forecast = Forecast.ofLoss(state, request.getLostList());
    SimulateResponse.Builder response =
        SimulateResponse.newBuilder().setQuorate(forecast.quorate());
    for (Forecast.Fate fate : forecast.fates()) {
      response.addFates(
          SimulateResponse.Fate.newBuilder()
              .setEntity(fate.entity().value())
              .setFrom(fate.from())
              .setTo(fate.to())
              .setWhy(fate.why()));
    }
    return response.build();
  }
}
