package io.hamlet.agent.basic;

import io.hamlet.agent.basic.core.Happening;
import java.io.PrintStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What happened: written line by line, the newest kept for those who ask. Thread-safe. */
final class Journal {
  private static final int KEPT = 200;
  private static final int LONGEST = 2_000;

  private final PrintStream out;
  private final boolean debug;
  private final Deque<Map<String, Object>> newest = new ArrayDeque<>();

  /** Debug: the lines of that level are written too. */
  Journal(PrintStream out, boolean debug) {
    this.out = out;
    this.debug = debug;
  }

  void tell(Happening.Level level, String event, String text) {
    tell(new Happening(level, event, "", text));
  }

  synchronized void tell(Happening happening) {
    boolean isDebug = happening.level() == Happening.Level.DEBUG;
    if (isDebug && !debug) {
      return;
    }
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    String level = happening.level().name().toLowerCase(Locale.ROOT);
    String text = happening.text().replaceAll("\\p{Cntrl}", " ");
    text = text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text;
    String who = happening.host().isEmpty() ? "" : " " + happening.host();
    out.print(now + " " + level + " " + happening.event() + who + ": " + text + "\n");
    out.flush();
    if (!isDebug) {
      if (newest.size() == KEPT) {
        newest.removeFirst();
      }
      newest.add(
          StateText.object(
              "time",
              now,
              "level",
              level,
              "event",
              happening.event(),
              "host",
              happening.host(),
              "text",
              text));
    }
  }

  /** Oldest first. */
  synchronized List<Map<String, Object>> newest() {
    return List.copyOf(newest);
  }
}
