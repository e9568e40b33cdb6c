package io.hamlet.client.internal;

import io.hamlet.client.Ack;
import io.hamlet.client.ClusterPolicy;
import io.hamlet.client.Command;
import io.hamlet.client.ConditionType;
import io.hamlet.client.Deed;
import io.hamlet.client.Event;
import io.hamlet.client.Forecast;
import io.hamlet.client.HamObject;
import io.hamlet.client.Maintenance;
import io.hamlet.client.Proof;
import io.hamlet.client.Rearm;
import io.hamlet.client.Receipt;
import io.hamlet.client.RestartPolicy;
import io.hamlet.client.Status;
import io.hamlet.client.Tree;
import io.hamlet.client.TreeObject;
import io.hamlet.client.Why;
import io.hamlet.v1.AckLevel;
import io.hamlet.v1.Handle;
import io.hamlet.v1.KillMode;
import io.hamlet.v1.OwnerPolicy;
import io.hamlet.v1.ProcessSpec;
import io.hamlet.v1.ResourceLimit;
import io.hamlet.v1.ResponseHeader;
import io.hamlet.v1.SimulateResponse;
import io.hamlet.v1.StatusResponse;
import io.hamlet.v1.Variable;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;

/** The small types of this library, to and from proto. */
final class Wire {
  private static final long NANOS = 1_000_000_000L;

  private Wire() {}

  static AckLevel ack(Ack ack) {
    return switch (ack) {
      case null -> AckLevel.ACK_LEVEL_UNSPECIFIED;
      case LOCAL -> AckLevel.ACK_LEVEL_LOCAL;
      case DURABLE -> AckLevel.ACK_LEVEL_DURABLE;
      case REPLICA -> AckLevel.ACK_LEVEL_REPLICA;
      case MAJORITY -> AckLevel.ACK_LEVEL_MAJORITY;
    };
  }

  static Receipt receipt(ResponseHeader header) {
    Ack ack =
        switch (header.getAck()) {
          case ACK_LEVEL_MAJORITY -> Ack.MAJORITY;
          case ACK_LEVEL_REPLICA -> Ack.REPLICA;
          case ACK_LEVEL_DURABLE -> Ack.DURABLE;
          case ACK_LEVEL_LOCAL, ACK_LEVEL_UNSPECIFIED, UNRECOGNIZED -> Ack.LOCAL;
        };
    return new Receipt(header.getNode(), ack, header.getWarning());
  }

  /** The object behind a handle; which kind, the path tells. */
  static HamObject object(
      Session session, String node, String path, long uid, long pid, Receipt receipt) {
    return switch (path.split("/", -1).length) {
      case 1 -> new EntityHandle(session, node, path, uid, pid, receipt);
      case 2 -> new ConditionHandle(session, node, path, uid, receipt);
      case 3 -> new ActionHandle(session, node, path, uid, receipt);
      default ->
          throw new IllegalArgumentException(
              "'" + path + "' is no entity, entity/condition or entity/condition/action");
    };
  }

  static HamObject object(Session session, Handle h, Receipt receipt) {
    return object(session, h.getNode(), h.getPath(), h.getUid(), h.getPid(), receipt);
  }

  static ProcessSpec spec(Command command) {
    ProcessSpec.Builder spec =
        ProcessSpec.newBuilder()
            .addAllArgv(command.argv())
            .setDirectory(command.directory())
            .setUser(command.user())
            .setLogFile(command.logFile())
            .setForking(command.forking())
            .setPidFile(command.pidFile())
            .setKill(command.killGroup() ? KillMode.KILL_MODE_GROUP : KillMode.KILL_MODE_PROCESS);
    command
        .environment()
        .forEach((n, v) -> spec.addEnvironment(Variable.newBuilder().setName(n).setValue(v)));
    command
        .limits()
        .forEach((r, v) -> spec.addLimits(ResourceLimit.newBuilder().setResource(r).setValue(v)));
    return spec.build();
  }

  static io.hamlet.v1.ConditionType type(ConditionType type) {
    return switch (type) {
      case ANY -> io.hamlet.v1.ConditionType.CONDITION_TYPE_ANY;
      case DEATH -> io.hamlet.v1.ConditionType.CONDITION_TYPE_DEATH;
      case DETACH -> io.hamlet.v1.ConditionType.CONDITION_TYPE_DETACH;
      case RESTART -> io.hamlet.v1.ConditionType.CONDITION_TYPE_RESTART;
      case BEAT_MISSED_LOW -> io.hamlet.v1.ConditionType.CONDITION_TYPE_BEAT_MISSED_LOW;
      case BEAT_MISSED_HIGH -> io.hamlet.v1.ConditionType.CONDITION_TYPE_BEAT_MISSED_HIGH;
      case ABNORMAL_DEATH -> io.hamlet.v1.ConditionType.CONDITION_TYPE_ABNORMAL_DEATH;
      case ATTACH -> io.hamlet.v1.ConditionType.CONDITION_TYPE_ATTACH;
      case STATE -> io.hamlet.v1.ConditionType.CONDITION_TYPE_STATE;
      case RAISE -> io.hamlet.v1.ConditionType.CONDITION_TYPE_RAISE;
      case NODE_LOST -> io.hamlet.v1.ConditionType.CONDITION_TYPE_NODE_LOST;
      case NODE_JOINED -> io.hamlet.v1.ConditionType.CONDITION_TYPE_NODE_JOINED;
    };
  }

  static io.hamlet.v1.Proof proof(Proof proof) {
    return switch (proof) {
      case NONE -> io.hamlet.v1.Proof.PROOF_NONE;
      case LEASE -> io.hamlet.v1.Proof.PROOF_LEASE;
      case OBITUARY -> io.hamlet.v1.Proof.PROOF_OBITUARY;
      case FENCED -> io.hamlet.v1.Proof.PROOF_FENCED;
    };
  }

  static io.hamlet.v1.Rearm rearm(Rearm rearm) {
    return switch (rearm) {
      case DEFAULT -> io.hamlet.v1.Rearm.REARM_DEFAULT;
      case ON -> io.hamlet.v1.Rearm.REARM_ON;
      case OFF -> io.hamlet.v1.Rearm.REARM_OFF;
    };
  }

  static io.hamlet.v1.Deed deed(Deed deed) {
    io.hamlet.v1.Deed.Builder d = io.hamlet.v1.Deed.newBuilder();
    switch (deed) {
      case Deed.Restart r ->
          d.getRestartBuilder().addAllArgv(r.argv()).setPolicy(policy(r.policy()));
      case Deed.Execute e -> d.getExecuteBuilder().addAllArgv(e.argv()).setNode(e.node());
      case Deed.WaitFor w ->
          d.getWaitForBuilder().setPath(w.path()).setDelayMs(w.delay().toMillis());
      case Deed.Pulse p ->
          d.getPulseBuilder()
              .setNode(p.node())
              .setPid(p.pid())
              .setChannel(p.channel())
              .setCode(p.code())
              .setValue(p.value());
      case Deed.Signal s ->
          d.getSignalBuilder()
              .setNode(s.node())
              .setPid(s.pid())
              .setSignal(s.signal())
              .setCode(s.code())
              .setValue(s.value());
      case Deed.Healthy h -> d.getHeartbeatHealthyBuilder();
      case Deed.Log l ->
          d.getLogBuilder()
              .setMessage(l.message())
              .setPrefix(l.prefix())
              .setVerbosity(l.verbosity());
    }
    return d.build();
  }

  static Event event(io.hamlet.v1.Event e) {
    return new Event(
        e.getPosition(),
        instant(e.getTime()),
        e.getNode(),
        e.getPath(),
        e.getEvent(),
        e.getReason(),
        e.getDetail());
  }

  static Why why(io.hamlet.v1.WhyResponse r) {
    return new Why(
        r.getSummary(),
        r.getEventsList().stream().map(Wire::event).toList(),
        r.getTruncated(),
        r.getNote());
  }

  static Tree tree(io.hamlet.v1.ReadResponse r) {
    return new Tree(
        r.getNode(),
        r.getPosition(),
        r.getObjectsList().stream().map(Wire::treeObject).toList(),
        r.getNote());
  }

  static TreeObject treeObject(io.hamlet.v1.TreeObject o) {
    return new TreeObject(
        switch (o.getKind()) {
          case ROOT, KIND_UNSPECIFIED, UNRECOGNIZED -> TreeObject.Kind.ROOT;
          case ENTITY -> TreeObject.Kind.ENTITY;
          case CONDITION -> TreeObject.Kind.CONDITION;
          case ACTION -> TreeObject.Kind.ACTION;
        },
        o.getPath(),
        o.getUid(),
        o.getType(),
        o.getPid(),
        o.getEnabled(),
        o.getFlags(),
        o.getInfo(),
        o.getRestarts(),
        o.getDeaths(),
        o.getBeatsMissed(),
        instant(o.getCreated()),
        instant(o.getLastDeath()),
        instant(o.getRestarted()),
        o.getToken(),
        o.getState(),
        o.getUserState(),
        o.getLastExit(),
        o.getHealth(),
        new java.util.TreeMap<>(o.getFieldsMap()),
        List.copyOf(o.getOnFailList()),
        o.getRunsOn(),
        Duration.ofNanos(o.getRightNs()));
  }

  static Status status(StatusResponse s) {
    return new Status(
        s.getNode(),
        s.getVersion(),
        s.getRole(),
        s.getBoot(),
        manager(s.getHam()),
        s.hasGuardian() ? manager(s.getGuardian()) : null,
        s.getEpoch(),
        s.getEntities(),
        s.getConditions(),
        s.getActions(),
        HexFormat.of().formatHex(s.getDigest().toByteArray()),
        s.getIndex(),
        s.getDurableIndex(),
        List.copyOf(s.getNoticesList()),
        List.copyOf(s.getAddressesList()),
        s.getBeatsSuspended(),
        s.getVerbosity(),
        s.hasCluster() ? cluster(s.getCluster()) : null);
  }

  private static Status.Cluster cluster(StatusResponse.Cluster c) {
    return new Status.Cluster(
        c.getName(),
        c.getId(),
        c.getQuorate(),
        c.getLeader(),
        c.getMembersList().stream().map(Wire::member).toList(),
        c.getMaintenancesList().stream().map(Wire::maintenance).toList(),
        c.getIndex(),
        HexFormat.of().formatHex(c.getDigest().toByteArray()));
  }

  private static Maintenance maintenance(io.hamlet.v1.Maintenance m) {
    return new Maintenance(m.getScope(), m.getOwner(), m.getReason(), instant(m.getUntil()));
  }

  static Forecast forecast(SimulateResponse r) {
    return new Forecast(
        r.getQuorate(),
        r.getFatesList().stream()
            .map(f -> new Forecast.Fate(f.getEntity(), f.getFrom(), f.getTo(), f.getWhy()))
            .toList());
  }

  static OwnerPolicy policy(ClusterPolicy p) {
    return OwnerPolicy.newBuilder()
        .addAllPrefer(p.prefer())
        .setQuorumLoss(
            switch (p.quorumLoss()) {
              case STOP -> OwnerPolicy.QuorumLoss.STOP;
              case KEEP -> OwnerPolicy.QuorumLoss.KEEP;
            })
        .setFailback(p.failback())
        .build();
  }

  private static Status.Member member(StatusResponse.Member m) {
    return new Status.Member(
        m.getNode(),
        m.getState(),
        m.getVoter(),
        m.getHamPid(),
        m.getGuardianPid(),
        m.getAddress(),
        m.getStandby(),
        m.getDraining(),
        m.getFenced(),
        m.getHeld());
  }

  private static Status.Manager manager(StatusResponse.Manager m) {
    return new Status.Manager(m.getPid(), instant(m.getSince()), m.getFailures(), m.getState());
  }

  static io.hamlet.v1.RestartPolicy policy(RestartPolicy p) {
    return io.hamlet.v1.RestartPolicy.newBuilder()
        .setMost(p.most())
        .setPeriodMs(p.period().toMillis())
        .setLeastMs(p.least().toMillis())
        .setLongestMs(p.longest().toMillis())
        .build();
  }

  /** Null for "never". */
  private static Instant instant(long nanos) {
    return nanos == 0
        ? null
        : Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS), Math.floorMod(nanos, NANOS));
  }

  /** A duration in nanoseconds, or the most there is. */
  static long nanos(Duration duration) {
    try {
      return duration.toNanos();
    } catch (ArithmeticException e) {
      return Long.MAX_VALUE;
    }
  }
}
