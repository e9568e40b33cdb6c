package io.hamlet.it.sample;

import io.hamlet.client.Ham;
import io.hamlet.client.HealthCheck;
import io.hamlet.client.RecoveryPolicy;
import io.hamlet.client.Sam;
import io.hamlet.client.SamContract;
import io.hamlet.client.SamException;
import io.hamlet.client.SamFlag;
import io.hamlet.client.SamStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * Cases of libsam's own test program that are a program's calls (sam.md 3), as one. Each step that
 * came out as it must is a line of a file; what did not is one that says so.
 */
public final class SamCases {
  private final Path told;
  private Sam sam;
  private int instance;

  private SamCases(Path told) {
    this.told = told;
  }

  /** One call. */
  private interface Step {
    void run() throws SamException, InterruptedException;
  }

  /**
   * @param args the case: data, hc or finalize; the file
   */
  public static void main(String[] args) throws Exception {
    SamCases run = new SamCases(Path.of(args[1]));
    switch (args[0]) {
      case "data" -> run.data();
      case "hc" -> run.healthCheck();
      case "finalize" -> run.finalizes();
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  private void begin(int millis) throws Exception {
    SamContract contract =
        SamContract.of(Duration.ofMillis(millis), RecoveryPolicy.RESTART, SamFlag.COMPAT_LIBSAM);
    sam = Sam.initialize(Ham.connect(), "", contract, null, System.getenv());
  }

  private void register() throws SamException, InterruptedException {
    instance = sam.register();
  }

  private void must(String what, Step step) throws InterruptedException, IOException {
    try {
      step.run();
      tell(what);
    } catch (SamException e) {
      tell("FAULT " + what + ": " + e.status());
    }
  }

  private void mustNot(SamStatus why, String what, Step step)
      throws InterruptedException, IOException {
    try {
      step.run();
      tell("FAULT " + what + " is done");
    } catch (SamException e) {
      tell((e.status() == why ? "" : "FAULT ") + what + ": " + e.status().code());
    }
  }

  private void has(String what, boolean fact) throws IOException {
    tell((fact ? "" : "FAULT ") + what);
  }

  private synchronized void tell(String line) throws IOException {
    Files.writeString(
        told, instance + " " + line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /** Section 3.3. */
  private void data() throws Exception {
    byte[] some = bytes(128, 1);
    byte[] others = bytes(121, 7);
    begin(0);
    if (sam.look().instance() == 1) {
      has("nothing is stored", sam.dataSize() == 0);
      mustNot(SamStatus.INVALID_PARAM, "restore to none", () -> sam.restoreData(null));
      must("store", () -> sam.storeData(some));
      has("128 are stored", sam.dataSize() == 128);
      mustNot(SamStatus.INVALID_PARAM, "restore 127", () -> sam.restoreData(new byte[127]));
      has("restored", Arrays.equals(sam.restoreData(), some));
      must("delete", () -> sam.storeData(null));
      has("nothing is stored", sam.dataSize() == 0);
      must("store again", () -> sam.storeData(some));
    }
    register();
    switch (instance) {
      case 1 -> {
        must("start", () -> sam.start());
        byte[] room = new byte[128];
        has("restored", sam.restoreData(room) == 128 && Arrays.equals(room, some));
        must("store others", () -> sam.storeData(others));
        System.exit(1);
      }
      case 2 -> {
        must("start", () -> sam.start());
        byte[] room = new byte[128];
        has("others", sam.restoreData(room) == 121 && Arrays.equals(room, 0, 121, others, 0, 121));
        must("delete", () -> sam.storeData(null));
        System.exit(1);
      }
      default -> has("nothing is stored", sam.dataSize() == 0);
    }
  }

  /** Section 3.4, with an interval that a busy machine can keep. */
  private void healthCheck() throws Exception {
    begin(2_000);
    register();
    if (instance > 1) {
      has("11 calls", new String(sam.restoreData(), StandardCharsets.UTF_8).equals("11"));
      return;
    }
    int[] calls = {0};
    sam.healthCheck(
        () -> {
          calls[0]++;
          sam.storeData(String.valueOf(calls[0]).getBytes(StandardCharsets.UTF_8));
          return calls[0] > 10 ? HealthCheck.Health.FAILED : HealthCheck.Health.OK;
        });
    must("start", () -> sam.start());
    new CountDownLatch(1).await();
  }

  /** "finalize deadlock", and the end of section 3.1. */
  private void finalizes() throws Exception {
    begin(20_000);
    register();
    must("start", () -> sam.start());
    must("finalize", () -> sam.finish());
    mustNot(SamStatus.BAD_HANDLE, "finalize", () -> sam.finish());
    mustNot(
        SamStatus.BAD_HANDLE,
        "initialize",
        () -> Sam.initialize(Ham.connect(), "", null, null, Map.of()));
    mustNot(SamStatus.BAD_HANDLE, "start", () -> sam.start());
    mustNot(SamStatus.BAD_HANDLE, "stop", () -> sam.stop());
    mustNot(SamStatus.BAD_HANDLE, "register", () -> sam.register());
    mustNot(SamStatus.BAD_HANDLE, "hc_send", () -> sam.heartbeat());
    mustNot(SamStatus.BAD_HANDLE, "hc_callback_register", () -> sam.healthCheck(null));
  }

  private static byte[] bytes(int count, int step) {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) (i * step);
    }
    return bytes;
  }
}
