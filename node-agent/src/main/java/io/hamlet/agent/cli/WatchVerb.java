package io.hamlet.agent.cli;

import io.hamlet.client.Event;
import io.hamlet.client.EventStream;
import io.hamlet.client.WatchSpec;
import io.hamlet.client.Watched;
import java.time.Duration;

/** {@code ham watch}. */
final class WatchVerb implements Verb {
  @Override
  public Spec spec() {
    return Spec.of(
            "watch",
            "[PATH]",
            "tell what happens, as it happens",
            Opt.flag("all-nodes", "of every node, and of the cluster's own tree"),
            Opt.value("from", "0|POSITION", "begin with the oldest known, or behind that (now)"),
            Opt.value("count", "N", "end after so many events"),
            Opt.flag("no-follow", "end when all that is known has been told"))
        .details(
            """
              With --timeout it ends after that time. It exits with 2 when it ends before --count
              events were told. A gap in what is still known is told on standard error.
            """);
  }

  @Override
  public ExitCode run(Call call) throws InterruptedException {
    Args args = call.args();
    String path = args.positional(0, "");
    int count = args.has("count") ? args.number("count", 0) : Integer.MAX_VALUE;
    if (count < 1) {
      throw args.wrong("--count: at least 1");
    }
    long end = System.nanoTime() + args.duration("timeout", Duration.ofDays(10_000)).toNanos();
    boolean everywhere = args.has("all-nodes");
    if (everywhere && (args.has("node") || !Call.local(path).equals(path))) {
      throw args.wrong("--all-nodes: no node can be named beside it");
    }
    WatchSpec spec =
        new WatchSpec(Call.local(path), args.text("from", ""), !args.has("no-follow"), everywhere);
    int told = 0;
    try (EventStream events = call.hamFor(path).watch(spec)) {
      while (told < count && !call.caller().out().checkError()) {
        Watched next = events.poll(Duration.ofNanos(end - System.nanoTime()));
        if (next == null) {
          break;
        }
        told += tell(call, next, everywhere);
      }
    }
    return args.has("count") && told < count ? ExitCode.NO : ExitCode.DONE;
  }

  /** Answers how many events that was. */
  private static int tell(Call call, Watched watched, boolean everywhere) {
    switch (watched) {
      case Event event -> {
        call.print(call.isJson() ? Json.write(Documents.of(event)) : shown(event, everywhere));
        call.caller().out().flush();
        return 1;
      }
      case Watched.Gap gap -> {
        call.note("older events are no longer known; it goes on after " + gap.position());
        return 0;
      }
      case Watched.CaughtUp done -> {
        return 0;
      }
    }
  }

  private static String shown(Event event, boolean everywhere) {
    return everywhere ? event.node() + " " + line(event) : line(event);
  }

  static String line(Event event) {
    String path = event.path().isEmpty() ? "-" : event.path();
    return "%s %s %s %s %s"
        .formatted(event.time(), path, event.event(), event.reason(), event.detail())
        .stripTrailing();
  }
}
