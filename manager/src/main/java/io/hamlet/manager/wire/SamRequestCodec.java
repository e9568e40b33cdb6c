package io.hamlet.manager.wire;

import static io.hamlet.manager.wire.RequestCodec.field;

import io.hamlet.core.model.Deed;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.ProcessSpec;
import io.hamlet.core.model.Refused;
import io.hamlet.core.model.RestartPolicy;
import io.hamlet.core.recovery.Command;
import io.hamlet.core.sam.Blob;
import io.hamlet.core.sam.Recovery;
import io.hamlet.core.sam.SamCall;
import io.hamlet.core.sam.SamContract;
import io.hamlet.v1.SamHandle;
import io.hamlet.v1.SamInitializeRequest;
import io.hamlet.v1.SamLaunchRequest;
import io.hamlet.v1.SamMarkFailedRequest;
import io.hamlet.v1.SamStartRequest;
import java.time.Duration;
import java.util.function.LongFunction;

/** Requests of supervised programs as commands. Throws {@link Refused} that names the field. */
public final class SamRequestCodec {
  private static final int MOST_EXITS = 256;
  private static final int MOST_TOKEN = 128;
  private static final long MILLI = 1_000_000;
  private static final long LONGEST_WAIT_MS = Duration.ofDays(366).toMillis();

  /** What is taken when nothing is said (sam.md 4.3). */
  private static final RestartPolicy USUAL =
      new RestartPolicy(5, Duration.ofSeconds(60), Duration.ofMillis(100), Duration.ofSeconds(10));

  private SamRequestCodec() {}

  /** A call of that program. */
  public static Command call(SamHandle program, SamCall call) {
    return new Command.Sam(name(program), token(program), call);
  }

  /** The name of a program; the global entity is none. */
  public static Name name(SamHandle program) {
    Name name = field("program.name", () -> new Name(program.getName()));
    if (name.isGlobal()) {
      throw Refused.invalid("program.name: '" + name + "' is reserved");
    }
    return name;
  }

  /** The token of a program; empty: none was given. */
  public static String token(SamHandle program) {
    if (program.getToken().length() > MOST_TOKEN) {
      throw Refused.invalid("program.token: longer than " + MOST_TOKEN + " characters");
    }
    return program.getToken();
  }

  /**
   * @param identify names the process of a pid
   * @param secret drawn for it
   */
  public static Command initialize(
      SamInitializeRequest request, LongFunction<ProcessId> identify, String secret) {
    SamContract contract = contract(request.getContract());
    ProcessSpec again =
        request.hasRestartCommand()
            ? field("restart_command", () -> SpecCodec.spec(request.getRestartCommand()))
            : null;
    ProcessId process = field("pid", () -> identify.apply(request.getPid()));
    return call(request.getProgram(), new SamCall.Initialize(contract, process, again, secret));
  }

  /**
   * @param secret drawn for it
   */
  public static Command launch(SamLaunchRequest request, String secret) {
    if (!request.hasSpec()) {
      throw Refused.invalid("spec: needed to launch '" + request.getProgram().getName() + "'");
    }
    if (request.getId() < 0) {
      throw Refused.invalid("id: " + request.getId() + " is no process id");
    }
    if (request.getData().size() > Blob.MOST_BYTES) {
      throw new Refused(
          io.hamlet.core.model.Rejection.Reason.TOO_BIG,
          "data: more than " + Blob.MOST_BYTES + " bytes");
    }
    return call(
        request.getProgram(),
        new SamCall.Launch(
            contract(request.getContract()),
            request.getId(),
            SpecCodec.spec(request.getSpec()),
            SamCodec.decode(request.getData()),
            secret));
  }

  public static Command start(SamStartRequest request) {
    long limit = request.getLimitMs();
    if (limit < 0 || limit > LONGEST_WAIT_MS) {
      throw Refused.invalid("limit_ms: " + limit + " is not between 0 (none) and 366 days");
    }
    return call(request.getProgram(), new SamCall.Start(limit * MILLI));
  }

  public static Command markFailed(SamMarkFailedRequest request) {
    if (request.getReason().length() > Deed.MAX_TEXT) {
      throw Refused.invalid("reason: longer than " + Deed.MAX_TEXT + " characters");
    }
    return call(request.getProgram(), new SamCall.MarkFailed(request.getReason()));
  }

  static SamContract contract(io.hamlet.v1.SamContract c) {
    if (c.getSuccessExitsCount() > MOST_EXITS) {
      throw Refused.invalid("contract.success_exits: there are only 256 exit statuses");
    }
    RestartPolicy usual = c.getCompat() ? RestartPolicy.NONE : USUAL;
    return field(
        "contract",
        () ->
            new SamContract(
                c.getTimeIntervalMs(),
                recovery(c),
                c.getQuorum(),
                c.getPublish(),
                c.getCompat(),
                c.getStartNow(),
                c.getKillAfterMs(),
                c.hasRestarts() ? SpecCodec.policy(c.getRestarts()) : usual,
                c.getSuccessExitsList()));
  }

  private static Recovery recovery(io.hamlet.v1.SamContract c) {
    return switch (c.getRecovery()) {
      case QUIT -> Recovery.QUIT;
      case RESTART -> Recovery.RESTART;
      case WATCHDOG -> Recovery.WATCHDOG;
      case REBOOT -> Recovery.REBOOT;
      case SHUTDOWN -> Recovery.SHUTDOWN;
      case RECOVERY_UNSPECIFIED, UNRECOGNIZED ->
          throw RequestCodec.unknown("recovery", c.getRecoveryValue());
    };
  }
}
