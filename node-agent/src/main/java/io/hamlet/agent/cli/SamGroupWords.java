package io.hamlet.agent.cli;

import io.hamlet.client.Sam;
import io.hamlet.client.SamException;
import io.hamlet.client.SamGroup;
import io.hamlet.client.SamGroupEvent;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/** {@code ham sam group}: a supervised program among others. */
final class SamGroupWords {
  private SamGroupWords() {}

  static ExitCode run(Call call, Sam sam, String word) throws SamException, InterruptedException {
    if (word.equals("list")) {
      return list(call);
    }
    String group = call.args().positional(2, "");
    if (group.isEmpty()) {
      throw call.args().wrong("group " + word + " needs a GROUP");
    }
    switch (word) {
      case "join" -> {
        try (SamGroup joined = sam.join(group)) {
          say(call, Json.object("group", group, "member", joined.member()), joined.member());
        }
      }
      case "leave", "send" -> {
        try (SamGroup joined = sam.group(group)) {
          if (word.equals("leave")) {
            joined.leave();
          } else {
            joined.send(message(call));
          }
        }
      }
      case "listen" -> {
        return listen(call, sam, group);
      }
      default -> throw call.args().wrong("'group " + word + "' is none of " + SamVerb.GROUP_WORDS);
    }
    return ExitCode.DONE;
  }

  private static void say(Call call, java.util.Map<String, Object> document, String line) {
    if (call.isJson()) {
      call.printJson(document);
    } else {
      call.print(line);
    }
  }

  /** The words of the line, else standard input. */
  private static byte[] message(Call call) {
    String text = call.args().positional(3, "");
    if (!text.isEmpty()) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
    // One byte more than is taken, so that too much is refused and not cut.
    try (InputStream in = new FileInputStream(FileDescriptor.in)) {
      return in.readNBytes(SamGroup.MOST_BYTES + 1);
    } catch (IOException e) {
      throw new Failure(ExitCode.REFUSED, "standard input: " + e.getMessage());
    }
  }

  private static ExitCode list(Call call) throws SamException, InterruptedException {
    for (SamGroup.View group : Sam.groups(call.ham())) {
      say(
          call,
          Json.object("group", group.name(), "members", group.members()),
          group.name() + "  " + String.join(" ", group.members()));
    }
    return ExitCode.DONE;
  }

  private static ExitCode listen(Call call, Sam sam, String group)
      throws SamException, InterruptedException {
    Args args = call.args();
    int count = args.has("count") ? args.number("count", 0) : Integer.MAX_VALUE;
    long end = System.nanoTime() + args.duration("timeout", Duration.ofDays(10_000)).toNanos();
    int told = 0;
    try (SamGroup joined = sam.group(group)) {
      while (told < count && !joined.isOver()) {
        SamGroupEvent event = joined.poll(Duration.ofNanos(end - System.nanoTime()));
        if (event == null) {
          break;
        }
        tell(call, event);
        told++;
      }
    }
    return args.has("count") && told < count ? ExitCode.NO : ExitCode.DONE;
  }

  private static void tell(Call call, SamGroupEvent e) {
    String kind = e.kind().name().toLowerCase(Locale.ROOT);
    boolean isMessage = e.kind() == SamGroupEvent.Kind.MESSAGE;
    List<String> members = isMessage ? null : e.members();
    String data = isMessage ? Base64.getEncoder().encodeToString(e.message()) : null;
    String rest =
        isMessage
            ? new String(e.message(), StandardCharsets.UTF_8)
            : (e.why() + " [" + String.join(" ", e.members()) + "]").strip();
    say(
        call,
        Json.object(
            "event", kind, "member", e.member(), "why", e.why(), "members", members, "data", data),
        kind + " " + e.member() + " " + rest);
    call.caller().out().flush();
  }
}
