package io.hamlet.it.sample;

import io.hamlet.client.HealthCheck;
import io.hamlet.client.RecoveryPolicy;
import io.hamlet.client.Sam;
import io.hamlet.client.SamException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/**
 * A supervised program: its first instance finds itself unwell and stores that it was warned, and
 * ends; the next writes what it finds into a file, and ends well.
 */
public final class SamProgram {
  private SamProgram() {}

  public static void main(String[] args) throws Exception {
    Sam sam = Sam.initialize(Duration.ofSeconds(1), RecoveryPolicy.RESTART);
    int instance = sam.register();
    if (instance > 1) {
      tell(Path.of(args[0]), sam, instance);
      sam.start();
      sam.heartbeat();
      sam.stop();
      sam.close();
      System.exit(0);
    }
    sam.warnSignal("none");
    sam.onWarning(warning -> store(sam, "warned: " + warning.reason()));
    sam.healthCheck(() -> HealthCheck.Health.FAILED);
    sam.start();
    new CountDownLatch(1).await();
  }

  private static void store(Sam sam, String text) {
    try {
      sam.storeData(text.getBytes(StandardCharsets.UTF_8));
      Runtime.getRuntime().halt(1);
    } catch (SamException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void tell(Path file, Sam sam, int instance) throws Exception {
    String found = new String(sam.restoreData(), StandardCharsets.UTF_8);
    Path fresh = Files.createTempFile(file.getParent(), "told", "");
    Files.writeString(
        fresh, "instance " + instance + " found '" + found + "', " + sam.previousEnd().cause());
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
