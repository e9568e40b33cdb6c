package io.hamlet.agent.cli;

import io.hamlet.client.Event;
import io.hamlet.client.EventStream;
import io.hamlet.client.WatchSpec;
import io.hamlet.client.Watched;
import java.time.Duration;
import java.util.function.Function;

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
    boolean ofCluster = call.isOfCluster(path);
    Function<Event, String> text =
        event -> (everywhere ? event.node() + " " : "") + line(event, ofCluster);
    int told = 0;
    try (EventStream events = call.hamFor(path).watch(spec)) {
      while (told < count && !call.caller().out().checkError()) {
        Watched next = events.poll(Duration.ofNanos(end - System.nanoTime()));
        if (next == null) {
          break;
        }
        told += tell(call, next, text);
      }
    }
    return args.has("count") && told < count ? ExitCode.NO : ExitCode.DONE;
  }

  /** Answers how many events that was. */
  private static int tell(Call call, Watched watched, Function<Event, String> text) {
    switch (watched) {
      case Event event -> {
        call.print(call.isJson() ? Json.write(Documents.of(event)) : text.apply(event));
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

  /**
   * One event for people.
   *
   * @param ofCluster its tree is about many nodes, so it says which
   */
  static String line(Event event, boolean ofCluster) {
    String path = event.path().isEmpty() ? "-" : event.path();
    if (ofCluster && !event.node().equals("*")) {
      path = event.path().isEmpty() ? event.node() : event.node() + ":" + path;
    }
    return "%s %s %s %s %s"
        .formatted(event.time(), path, event.event(), event.reason(), event.detail())
        .stripTrailing();
  }
}
