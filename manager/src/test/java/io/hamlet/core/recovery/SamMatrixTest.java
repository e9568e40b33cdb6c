package io.hamlet.core.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.model.ProcessSpec;
import io.hamlet.core.model.Refused;
import io.hamlet.core.model.Rejection;
import io.hamlet.core.sam.Blob;
import io.hamlet.core.sam.Recovery;
import io.hamlet.core.sam.SamCall;
import io.hamlet.core.sam.SamCalls;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The whole legality matrix of sam.md 1.3, and the order of its checks. */
class SamMatrixTest {
  private static final List<String> COLUMNS =
      List.of("NOT_INIT", "INITIALIZED", "REGISTERED", "STARTED", "FINALIZED");

  private static final String TABLE =
      """
      initialize   | OK 9  9  9  9
      register     | 9  OK 9  9  9
      start        | 9  9  OK 9  9
      stop         | 9  9  9  OK 9
      hc_send      | 9  9  9  OK 9
      hc_callback  | 9  9  OK 9  9
      warn_signal  | 9  OK OK OK 9
      data_store   | 9  OK OK OK 9
      data_getsize | 9  OK OK OK 9
      data_restore | 9  OK OK OK 9
      mark_failed  | 9  9  OK OK 9
      finalize     | 9  OK OK OK 9
      """;

  /** What is refused whatever the state, because the argument is looked at first. */
  private static final String BAD_ARGUMENTS =
      """
      initialize(T<0)    | 7  7  7  7  7
      data_getsize(null) | 7  7  7  7  7
      data_restore(null) | 7  7  7  7  7
      data_store(huge)   | 26 26 26 26 26
      mark_failed(quiet) | 9  9  7  7  9
      hc_callback(T=0)   | 9  9  7  9  9
      hc_callback(null)  | 9  9  7  9  9
      """;

  static Stream<Arguments> cells() {
    return cells(TABLE);
  }

  static Stream<Arguments> badArguments() {
    return cells(BAD_ARGUMENTS);
  }

  private static Stream<Arguments> cells(String table) {
    return table
        .lines()
        .flatMap(
            line -> {
              String call = line.split("\\|")[0].strip();
              String[] cell = line.split("\\|")[1].strip().split(" +");
              return Stream.iterate(0, i -> i < cell.length, i -> i + 1)
                  .map(i -> Arguments.of(call, COLUMNS.get(i), cell[i]));
            });
  }

  @ParameterizedTest(name = "{0} when {1}: {2}")
  @MethodSource("cells")
  void aCallInAState(String call, String column, String expected) {
    SamBed bed = bed(column, 1_000, "cmap");
    assertThat(code(bed, call)).isEqualTo(expected);
    bed.assertReplays();
  }

  @ParameterizedTest(name = "{0} when {1}: {2}")
  @MethodSource("badArguments")
  void aBadArgumentInAState(String call, String column, String expected) {
    String flags = call.equals("mark_failed(quiet)") ? "" : "cmap";
    SamBed bed = bed(column, call.equals("hc_callback(T=0)") ? 0 : 1_000, flags);
    assertThat(code(bed, call)).isEqualTo(expected);
  }

  private static SamBed bed(String column, long millis, String flags) {
    SamBed bed = new SamBed();
    if (column.equals("NOT_INIT")) {
      return bed;
    }
    bed.initialize(SamBed.strict(millis, Recovery.RESTART, flags));
    if (column.equals("INITIALIZED")) {
      return bed;
    }
    bed.call(new SamCall.Register());
    if (column.equals("STARTED")) {
      bed.start();
    }
    if (column.equals("FINALIZED")) {
      bed.ok(new SamCall.Finalize());
    }
    return bed;
  }

  private static String code(SamBed bed, String call) {
    try {
      return switch (call) {
        case "initialize" -> told(bed.call(again(bed)));
        case "register" -> told(bed.call(new SamCall.Register()));
        case "start" -> told(bed.call(new SamCall.Start(0)));
        case "stop" -> told(bed.call(new SamCall.Stop(false)));
        case "hc_send" -> {
          SamCalls.checkHeartbeat(bed.program());
          yield "OK";
        }
        case "hc_callback", "hc_callback(T=0)" -> told(bed.call(new SamCall.HealthCheck(true)));
        case "hc_callback(null)" -> told(bed.call(new SamCall.HealthCheck(false)));
        case "warn_signal" -> told(bed.call(new SamCall.WarnSignal(10)));
        case "data_store" -> told(bed.call(new SamCall.StoreData(blob(3))));
        case "data_store(huge)" -> told(bed.call(new SamCall.StoreData(blob(Blob.MOST_BYTES + 1))));
        case "data_getsize", "data_restore" -> {
          SamCalls.restore(bed.program(), Long.MAX_VALUE);
          yield "OK";
        }
        case "data_getsize(null)", "data_restore(null)" -> {
          SamCalls.restore(bed.program(), -1);
          yield "OK";
        }
        case "mark_failed", "mark_failed(quiet)" -> told(bed.call(new SamCall.MarkFailed("")));
        case "finalize" -> told(bed.call(new SamCall.Finalize()));
        case "initialize(T<0)" -> {
          SamBed.modern(-1, Recovery.QUIT, "");
          yield "OK";
        }
        default -> throw new AssertionError(call);
      };
    } catch (Refused refused) {
      return number(refused.rejection().reason());
    }
  }

  private static SamCall again(SamBed bed) {
    return new SamCall.Initialize(
        SamBed.strict(1_000, Recovery.QUIT, ""),
        bed.program() == null ? bed.newProcess() : bed.process(),
        ProcessSpec.of(List.of("/bin/app")),
        "secret");
  }

  private static Blob blob(int size) {
    return Blob.of(new byte[size]);
  }

  private static String told(Reply reply) {
    return reply instanceof Reply.No no ? number(no.rejection().reason()) : "OK";
  }

  private static String number(Rejection.Reason reason) {
    return switch (reason) {
      case INVALID -> "7";
      case BAD_HANDLE -> "9";
      case TOO_BIG -> "26";
      default -> reason.name();
    };
  }
}
