package io.hamlet.core.recovery;

import io.hamlet.core.model.Deed;
import io.hamlet.core.model.Heartbeat;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.ProcessSpec;
import io.hamlet.core.model.RestartPolicy;
import java.time.Duration;
import java.util.List;

/** Short names for the deeds, flags and values that rules are told with. */
final class Words {
  /** On conditions and actions. */
  static final int REARM = 0x1;

  /** Not a flag: asks for the rearm flag to be off where it would be on by default. */
  static final int NO_REARM = 1 << 30;

  static final int INDEPENDENT = 0x2;
  static final int NO_WAIT = 0x4;
  static final int KEEP_ON_EMPTY = 0x10;
  static final int DO_NOW = 0x2;
  static final int BREAK_ON_FAIL = 0x4;
  static final int KEEP_ON_FAIL = 0x8;
  static final int KEEP_ON_DEATH = 0x2;

  private Words() {}

  static ProcessSpec program(String argv0) {
    return ProcessSpec.of(List.of(argv0));
  }

  static Deed restart() {
    return restart(RestartPolicy.NONE);
  }

  static Deed restart(RestartPolicy policy) {
    return new Deed.Restart(List.of(), policy);
  }

  static Deed restartAs(String argv0) {
    return new Deed.Restart(List.of(argv0), RestartPolicy.NONE);
  }

  /** At most {@code most} restarts in a minute, no back-off. */
  static RestartPolicy budget(int most) {
    return new RestartPolicy(most, Duration.ofMinutes(1), Duration.ZERO, Duration.ZERO);
  }

  static RestartPolicy backOff(long leastMillis, long longestMillis) {
    return new RestartPolicy(
        0, Duration.ZERO, Duration.ofMillis(leastMillis), Duration.ofMillis(longestMillis));
  }

  static Deed execute(String argv0) {
    return new Deed.Execute(List.of(argv0), "");
  }

  static Deed waitFor(long millis) {
    return new Deed.WaitFor("", Duration.ofMillis(millis));
  }

  static Deed waitFor(String path, long millis) {
    return new Deed.WaitFor(path, Duration.ofMillis(millis));
  }

  static Deed signal(ProcessId process, int number) {
    return new Deed.Signal("", process, number, 0, 0);
  }

  static Deed signalSelf(int number) {
    return new Deed.Signal("", null, number, 0, 0);
  }

  static Deed pulse(long pid, int channel, int code) {
    return new Deed.Pulse("", pid, channel, code, 0);
  }

  static Deed healthy() {
    return new Deed.HeartbeatHealthy();
  }

  static Deed log(String message) {
    return log(message, 0);
  }

  static Deed log(String message, int verbosity) {
    return new Deed.Log(message, false, verbosity);
  }

  /** A beat each second; marks in misses. */
  static Heartbeat beats(int low, int high) {
    return new Heartbeat(1_000_000_000L, low, high, Heartbeat.Health.OK, 3, 1);
  }
}
