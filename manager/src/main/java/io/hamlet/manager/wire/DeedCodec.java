package io.hamlet.manager.wire;

import static io.hamlet.manager.wire.Fields.in;
import static io.hamlet.manager.wire.Fields.list;
import static io.hamlet.manager.wire.Fields.optional;
import static io.hamlet.manager.wire.Fields.required;
import static io.hamlet.manager.wire.Fields.scalar;
import static io.hamlet.manager.wire.Fields.text;
import static io.hamlet.manager.wire.Fields.texts;

import io.hamlet.core.model.Deed;
import io.hamlet.core.model.ProcessSpec;
import io.hamlet.core.model.RestartPolicy;
import io.hamlet.internal.v1.ModelProto;
import java.time.Duration;
import java.util.List;

/** What actions do, and how processes are started. */
final class DeedCodec {
  static final ModelProto.Nothing NOTHING = ModelProto.Nothing.getDefaultInstance();

  private DeedCodec() {}

  static ModelProto.Deed encode(Deed deed) {
    ModelProto.Deed.Builder b = ModelProto.Deed.newBuilder();
    switch (deed) {
      case Deed.Restart d ->
          b.getRestartBuilder()
              .addAllArgv(texts("restart.argv", d.argv()))
              .setPolicy(encode(d.policy()));
      case Deed.Execute d ->
          b.getExecuteBuilder()
              .addAllArgv(texts("execute.argv", d.argv()))
              .setNode(text("execute.node", d.node()));
      case Deed.WaitFor d ->
          b.getWaitForBuilder()
              .setPath(text("wait_for.path", d.path()))
              .setDelayNanos(d.delay().toNanos());
      case Deed.Pulse d ->
          b.getPulseBuilder()
              .setNode(text("pulse.node", d.node()))
              .setPid(d.pid())
              .setChannel(d.channel())
              .setCode(d.code())
              .setValue(d.value());
      case Deed.Signal d -> {
        ModelProto.Deed.Signal.Builder signal =
            b.getSignalBuilder()
                .setNode(text("signal.node", d.node()))
                .setSignal(d.signal())
                .setCode(d.code())
                .setValue(d.value());
        if (d.process() != null) {
          signal.setProcess(IdCodec.encode(d.process()));
        }
      }
      case Deed.HeartbeatHealthy d -> b.setHeartbeatHealthy(NOTHING);
      case Deed.Log d ->
          b.getLogBuilder()
              .setMessage(text("log.message", d.message()))
              .setPrefix(d.prefix())
              .setVerbosity(d.verbosity());
    }
    return b.build();
  }

  static Deed decode(ModelProto.Deed m) {
    return switch (m.getKindCase()) {
      case RESTART -> in("restart", m.getRestart(), DeedCodec::restart);
      case EXECUTE ->
          in("execute", m.getExecute(), d -> new Deed.Execute(d.getArgvList(), d.getNode()));
      case WAIT_FOR ->
          in(
              "wait_for",
              m.getWaitFor(),
              d -> new Deed.WaitFor(d.getPath(), Duration.ofNanos(d.getDelayNanos())));
      case PULSE ->
          in(
              "pulse",
              m.getPulse(),
              d ->
                  new Deed.Pulse(
                      d.getNode(), d.getPid(), d.getChannel(), d.getCode(), d.getValue()));
      case SIGNAL -> in("signal", m.getSignal(), DeedCodec::signal);
      case HEARTBEAT_HEALTHY ->
          in("heartbeat_healthy", m.getHeartbeatHealthy(), d -> new Deed.HeartbeatHealthy());
      case LOG ->
          in("log", m.getLog(), d -> new Deed.Log(d.getMessage(), d.getPrefix(), d.getVerbosity()));
      case KIND_NOT_SET -> throw Fields.noKind();
    };
  }

  private static Deed restart(ModelProto.Deed.Restart m) {
    return new Deed.Restart(
        m.getArgvList(), required(m.hasPolicy(), "policy", m.getPolicy(), DeedCodec::decode));
  }

  private static Deed signal(ModelProto.Deed.Signal m) {
    return new Deed.Signal(
        m.getNode(),
        optional(m.hasProcess(), "process", m.getProcess(), IdCodec::decode),
        m.getSignal(),
        m.getCode(),
        m.getValue());
  }

  static ModelProto.RestartPolicy encode(RestartPolicy policy) {
    return ModelProto.RestartPolicy.newBuilder()
        .setMost(policy.most())
        .setPeriodNanos(policy.period().toNanos())
        .setLeastNanos(policy.least().toNanos())
        .setLongestNanos(policy.longest().toNanos())
        .build();
  }

  static RestartPolicy decode(ModelProto.RestartPolicy m) {
    return new RestartPolicy(
        m.getMost(),
        Duration.ofNanos(m.getPeriodNanos()),
        Duration.ofNanos(m.getLeastNanos()),
        Duration.ofNanos(m.getLongestNanos()));
  }

  static ModelProto.ProcessSpec encode(ProcessSpec spec) {
    ModelProto.ProcessSpec.Builder b =
        ModelProto.ProcessSpec.newBuilder()
            .addAllArgv(texts("argv", spec.argv()))
            .addAllEnvironment(variables(spec.environment()))
            .setDirectory(text("directory", spec.directory()))
            .setUser(text("user", spec.user()))
            .setLogFile(text("log_file", spec.logFile()))
            .setForking(spec.forking())
            .setPidFile(text("pid_file", spec.pidFile()))
            .setKill(EnumTable.KILL.encode(spec.kill()));
    for (ProcessSpec.Limit limit : spec.limits()) {
      b.addLimitsBuilder()
          .setResource(text("limits.resource", limit.resource()))
          .setValue(limit.value());
    }
    return b.build();
  }

  static ProcessSpec decode(ModelProto.ProcessSpec m) {
    return new ProcessSpec(
        m.getArgvList(),
        variablesOf("environment", m.getEnvironmentList()),
        m.getDirectory(),
        m.getUser(),
        list(
            "limits", m.getLimitsList(), l -> new ProcessSpec.Limit(l.getResource(), l.getValue())),
        m.getLogFile(),
        m.getForking(),
        m.getPidFile(),
        scalar("kill", m.getKillValue(), EnumTable.KILL::decode));
  }

  static List<ModelProto.Variable> variables(List<ProcessSpec.Variable> variables) {
    return variables.stream()
        .map(
            v ->
                ModelProto.Variable.newBuilder()
                    .setName(text("environment.name", v.name()))
                    .setValue(text("environment.value", v.value()))
                    .build())
        .toList();
  }

  static List<ProcessSpec.Variable> variablesOf(String field, List<ModelProto.Variable> list) {
    return list(field, list, v -> new ProcessSpec.Variable(v.getName(), v.getValue()));
  }
}
