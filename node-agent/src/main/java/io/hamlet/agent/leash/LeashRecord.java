package io.hamlet.agent.leash;

import io.hamlet.core.model.ProcessId;
import io.hamlet.manager.disk.Durable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which leash there is, for the Guardian and for whoever takes over: a file on tmpfs. Nothing in it
 * is secret.
 *
 * @param incarnation of the node
 * @param generation rises with each leash
 * @param hash of its secret, in hexadecimal
 */
public record LeashRecord(ProcessId process, long incarnation, long generation, String hash) {
  private static final Pattern TEXT =
      Pattern.compile(
          "hamlet leash 1\npid ([0-9]{1,10}) ([0-9]{1,19})\nincarnation ([0-9]{1,18})\n"
              + "generation ([0-9]{1,18})\nhash ([0-9a-f]{64})\n");

  /** Null when there is none, or none that can be read. */
  public static LeashRecord read(Path file) {
    try {
      Matcher read = TEXT.matcher(Files.readString(file));
      return read.matches()
          ? new LeashRecord(
              new ProcessId(Long.parseLong(read.group(1)), Long.parseLong(read.group(2))),
              Long.parseLong(read.group(3)),
              Long.parseLong(read.group(4)),
              read.group(5))
          : null;
    } catch (IOException e) {
      return null;
    }
  }

  /** Takes the place of an older one at once. */
  void write(Path file) throws IOException {
    String text =
        "hamlet leash 1\npid %d %d\nincarnation %d\ngeneration %d\nhash %s\n"
            .formatted(process.pid(), process.startTime(), incarnation, generation, hash);
    Durable.replace(file, text.getBytes(StandardCharsets.US_ASCII));
  }
}
