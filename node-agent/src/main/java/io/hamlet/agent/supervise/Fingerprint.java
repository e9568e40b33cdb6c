package io.hamlet.agent.supervise;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * By what a program that runs is known to be the one that was asked for: a mark in its environment,
 * made of the command and the options.
 */
final class Fingerprint {
  static final String VARIABLE = "HAM_SUPERVISE";

  private Fingerprint() {}

  static String of(Plan plan) {
    List<Object> parts =
        List.of(
            plan.name(),
            plan.argv(),
            plan.directory(),
            plan.interval(),
            plan.restart(),
            plan.health(),
            plan.startsWhenReady(),
            plan.quorum(),
            plan.quorumWait(),
            plan.publish(),
            plan.warnSignal(),
            plan.killAfter(),
            plan.restarts(),
            plan.successExits(),
            plan.strict());
    try {
      byte[] text = parts.toString().getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text), 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Of a process, by the environment it was started with; empty when it has none, or is gone. */
  static String of(long pid) {
    try {
      byte[] bytes = Files.readAllBytes(Path.of("/proc/" + pid + "/environ"));
      for (String pair : new String(bytes, StandardCharsets.ISO_8859_1).split("\0")) {
        if (pair.startsWith(VARIABLE + "=")) {
          return pair.substring(VARIABLE.length() + 1);
        }
      }
      return "";
    } catch (IOException e) {
      return "";
    }
  }
}
