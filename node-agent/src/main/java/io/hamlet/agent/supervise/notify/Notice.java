package io.hamlet.agent.supervise.notify;

import io.hamlet.agent.os.Errno;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the datagrams of sd_notify(3): lines of the form NAME=VALUE. Names that nobody knows are
 * skipped, as the protocol wants it: programs say more to newer service managers.
 */
public final class Notice {
  /** In bytes, as the protocol has it. */
  public static final int MOST = 4_096;

  private static final long LONGEST_MICROS = Duration.ofDays(365).toNanos() / 1_000;
  private static final int LONGEST_TEXT = 1_000;

  private Notice() {}

  /**
   * All that a datagram says, in the order in which it counts. A fault spoils its line, or the
   * whole if it is none at all, and is among the answers.
   *
   * @param length its true length, which may be more than there are bytes
   */
  public static List<Word> parse(byte[] bytes, int length) {
    if (length < 1 || length > MOST) {
      return faulty("a message of " + length + " bytes; 1 to " + MOST + " are understood");
    }
    String text;
    try {
      text =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, length)).toString();
    } catch (CharacterCodingException e) {
      return faulty("a message that is not UTF-8");
    }
    // Some programs send the byte that ends a string of C.
    text = text.endsWith("\0") ? text.substring(0, text.length() - 1) : text;
    if (text.indexOf(0) >= 0) {
      return faulty("a message with a zero byte");
    }
    Map<String, String> said = new LinkedHashMap<>();
    for (String line : text.split("\n")) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        // Of what is said twice the first counts, as with systemd.
        said.putIfAbsent(line.substring(0, equals), line.substring(equals + 1));
      }
    }
    List<Word> words = new ArrayList<>();
    // A message can name a new main process and speak for it; and one that stops is not ready.
    for (String name : ORDER) {
      if (said.containsKey(name)) {
        words.add(word(name, said.get(name)));
      }
    }
    return words;
  }

  private static final List<String> ORDER =
      List.of(
          "MAINPID",
          "RELOADING",
          "READY",
          "STOPPING",
          "STATUS",
          "ERRNO",
          "BUSERROR",
          "WATCHDOG_USEC",
          "EXTEND_TIMEOUT_USEC",
          "WATCHDOG",
          "FDSTORE",
          "FDSTOREREMOVE",
          "NOTIFYACCESS");

  private static Word word(String name, String value) {
    return switch (name) {
      case "READY" -> one(name, value, new Word.Ready());
      case "RELOADING" -> one(name, value, new Word.Reloading());
      case "STOPPING" -> one(name, value, new Word.Stopping());
      case "WATCHDOG" ->
          value.equals("trigger") ? new Word.Trigger() : one(name, value, new Word.Alive());
      case "STATUS" -> new Word.Status(shown(value));
      case "ERRNO" -> {
        long number = number(value, 4_095);
        yield number < 1 ? fault(name, value) : new Word.Error(Errno.text(number));
      }
      case "BUSERROR" -> new Word.Error(shown(value));
      case "MAINPID" -> {
        long pid = number(value, 1L << 22);
        yield pid < 2 ? fault(name, value) : new Word.MainPid(pid);
      }
      case "WATCHDOG_USEC" -> {
        long micros = number(value, LONGEST_MICROS);
        yield micros < 1_000 ? fault(name, value) : new Word.Period(micros(micros));
      }
      case "EXTEND_TIMEOUT_USEC" -> {
        long micros = number(value, LONGEST_MICROS);
        yield micros < 1 ? fault(name, value) : new Word.Extend(micros(micros));
      }
      case "FDSTORE", "FDSTOREREMOVE" ->
          new Word.Refused(name + ": descriptors are not kept here, and were closed");
      default ->
          new Word.Refused(
              name + ": the program and what it has started may speak, and nobody else");
    };
  }

  private static Word one(String name, String value, Word meaning) {
    return value.equals("1") ? meaning : fault(name, value);
  }

  /** Negative for what is none, or too much. */
  private static long number(String value, long most) {
    boolean isNumber = value.matches("[0-9]{1,18}");
    long number = isNumber ? Long.parseLong(value) : -1;
    return number > most ? -1 : number;
  }

  private static Duration micros(long micros) {
    return Duration.ofNanos(micros * 1_000);
  }

  private static Word fault(String name, String value) {
    return new Word.Faulty(name + "=" + shown(value) + " cannot be meant; it is ignored");
  }

  private static List<Word> faulty(String what) {
    return List.of(new Word.Faulty(what + "; it is ignored"));
  }

  private static String shown(String text) {
    String line = text.replaceAll("\\p{Cntrl}", " ").strip();
    return line.substring(0, Math.min(line.length(), LONGEST_TEXT));
  }
}
