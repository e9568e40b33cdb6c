package io.hamlet.it.sim;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.LongSupplier;

/**
 * All that happens in a world, each thing with its time, as one digest: two runs of a seed have the
 * same. One thread.
 */
final class SimTrace {
  private final LongSupplier now;
  private final Appendable lines;
  private final MessageDigest all = sha256();
  private long count;

  /**
   * @param lines gets each event as a line, to find the first that differs; may be null
   */
  SimTrace(LongSupplier now, Appendable lines) {
    this.now = now;
    this.lines = lines;
  }

  void add(String event) {
    String line = now.getAsLong() + " " + event + "\n";
    all.update(line.getBytes(StandardCharsets.UTF_8));
    count++;
    if (lines != null) {
      try {
        lines.append(line);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** An event and what was in it. */
  void add(String event, byte[] content) {
    add(event + " " + HexFormat.of().formatHex(sha256().digest(content), 0, 8));
  }

  /** What happened up to now. */
  String digest() {
    try {
      byte[] sum = ((MessageDigest) all.clone()).digest();
      return count + " events " + HexFormat.of().formatHex(sum, 0, 8);
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
