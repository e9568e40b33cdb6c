package io.hamlet.manager.wire;

import static io.hamlet.manager.wire.RequestCodec.field;

import io.hamlet.core.model.Deed;
import io.hamlet.core.model.NodeName;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.ProcessSpec;
import io.hamlet.core.model.Refused;
import io.hamlet.core.model.Rejection;
import io.hamlet.core.model.RestartPolicy;
import java.time.Duration;
import java.util.List;
import java.util.function.LongFunction;
import java.util.regex.Pattern;

/** Process specs and deeds: the parts of requests that say what is to be run. */
public final class SpecCodec {
  private static final int MAX_VARIABLES = 4_096;
  private static final int MAX_LIMITS = 64;
  private static final int MAX_ENVIRONMENT_BYTES = 128 * 1024;
  private static final int MAX_PATH_BYTES = 4_095;
  private static final Pattern RESOURCE = Pattern.compile("[a-z]{1,16}");
  private static final Pattern USER =
      Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,31}(:[A-Za-z0-9_][A-Za-z0-9._-]{0,31})?");

  private SpecCodec() {}

  static ProcessSpec spec(io.hamlet.v1.ProcessSpec spec) {
    if (!spec.getUser().isEmpty() && !USER.matcher(spec.getUser()).matches()) {
      throw Refused.invalid("spec.user: must be a user, or user:group");
    }
    if (!spec.getForking() && !spec.getPidFile().isEmpty()) {
      throw Refused.invalid("spec.pid_file: only a forking program has one");
    }
    return field(
        "spec",
        () ->
            new ProcessSpec(
                spec.getArgvList(),
                environment(spec),
                path("directory", spec.getDirectory()),
                spec.getUser(),
                limits(spec),
                path("log_file", spec.getLogFile()),
                spec.getForking(),
                path("pid_file", spec.getPidFile()),
                switch (spec.getKill()) {
                  case KILL_MODE_GROUP -> ProcessSpec.Kill.GROUP;
                  case KILL_MODE_PROCESS -> ProcessSpec.Kill.PROCESS;
                  case UNRECOGNIZED -> throw RequestCodec.unknown("kill", spec.getKillValue());
                }));
  }

  /** A pid in a signal is fixed now, by {@code identify}; 0 means the entity's own process. */
  static Deed deed(io.hamlet.v1.Deed deed, LongFunction<ProcessId> identify) {
    return switch (deed.getKindCase()) {
      case RESTART -> {
        var r = deed.getRestart();
        yield field("deed.restart", () -> new Deed.Restart(r.getArgvList(), policy(r.getPolicy())));
      }
      case EXECUTE -> {
        var e = deed.getExecute();
        yield field("deed.execute", () -> new Deed.Execute(e.getArgvList(), node(e.getNode())));
      }
      case WAIT_FOR -> {
        var w = deed.getWaitFor();
        yield field(
            "deed.wait_for",
            () -> new Deed.WaitFor(path("path", w.getPath()), millis(w.getDelayMs())));
      }
      case PULSE -> {
        var p = deed.getPulse();
        if (p.getPid() < 1 || p.getChannel() < 1) {
          throw Refused.invalid("deed.pulse: the pid and channel of the recipient are needed");
        }
        yield new Deed.Pulse(
            field("deed.pulse", () -> node(p.getNode())),
            p.getPid(),
            p.getChannel(),
            p.getCode(),
            p.getValue());
      }
      case SIGNAL -> signal(deed.getSignal(), identify);
      case HEARTBEAT_HEALTHY -> new Deed.HeartbeatHealthy();
      case LOG -> {
        var l = deed.getLog();
        yield field(
            "deed.log", () -> new Deed.Log(l.getMessage(), l.getPrefix(), l.getVerbosity()));
      }
      case KIND_NOT_SET -> throw Refused.invalid("deed: says nothing that this manager knows");
    };
  }

  private static Deed signal(io.hamlet.v1.Deed.Signal s, LongFunction<ProcessId> identify) {
    if (s.getPid() < 0) {
      throw Refused.invalid("deed.signal.pid: " + s.getPid() + " is no process");
    }
    return field(
        "deed.signal",
        () ->
            new Deed.Signal(
                node(s.getNode()),
                s.getPid() == 0 ? null : identify.apply(s.getPid()),
                s.getSignal(),
                s.getCode(),
                s.getValue()));
  }

  static RestartPolicy policy(io.hamlet.v1.RestartPolicy p) {
    return new RestartPolicy(
        p.getMost(), millis(p.getPeriodMs()), millis(p.getLeastMs()), millis(p.getLongestMs()));
  }

  private static List<ProcessSpec.Variable> environment(io.hamlet.v1.ProcessSpec spec) {
    long bytes =
        spec.getEnvironmentList().stream()
            .mapToLong(v -> v.getName().length() + v.getValue().length() + 2L)
            .sum();
    if (spec.getEnvironmentCount() > MAX_VARIABLES || bytes > MAX_ENVIRONMENT_BYTES) {
      throw new Refused(
          Rejection.Reason.NAME_TOO_LONG,
          "the environment is larger than "
              + MAX_VARIABLES
              + " variables or "
              + MAX_ENVIRONMENT_BYTES
              + " bytes");
    }
    return spec.getEnvironmentList().stream()
        .map(v -> new ProcessSpec.Variable(v.getName(), v.getValue()))
        .toList();
  }

  private static List<ProcessSpec.Limit> limits(io.hamlet.v1.ProcessSpec spec) {
    if (spec.getLimitsCount() > MAX_LIMITS) {
      throw Refused.invalid("limits: more than " + MAX_LIMITS);
    }
    return spec.getLimitsList().stream()
        .map(
            limit -> {
              if (!RESOURCE.matcher(limit.getResource()).matches() || limit.getValue() < -1) {
                throw Refused.invalid(
                    "limits: a limit is a resource such as nofile, and 0 or more, or -1");
              }
              return new ProcessSpec.Limit(limit.getResource(), limit.getValue());
            })
        .toList();
  }

  private static String path(String field, String path) {
    if (path.length() > MAX_PATH_BYTES) {
      throw new Refused(Rejection.Reason.NAME_TOO_LONG, field + ": longer than " + MAX_PATH_BYTES);
    }
    return path;
  }

  private static String node(String node) {
    if (!node.isEmpty() && !NodeName.isOne(node)) {
      throw Refused.invalid("node: a node name is " + NodeName.RULE);
    }
    return node;
  }

  /** Milliseconds from the wire, where a negative number is one beyond 2^63. */
  private static Duration millis(long ms) {
    if (ms < 0 || ms > Duration.ofDays(366).toMillis()) {
      throw Refused.invalid("a duration is longer than 366 days");
    }
    return Duration.ofMillis(ms);
  }
}
