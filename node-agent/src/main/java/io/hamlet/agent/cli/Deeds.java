package io.hamlet.agent.cli;

import io.hamlet.client.Deed;
import io.hamlet.client.RestartPolicy;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The kinds of action: which options and words each takes, and the deed they make. */
final class Deeds {
  /** Options that every kind takes. */
  private static final Set<String> COMMON =
      Set.of("rearm", "no-rearm", "break-on-fail", "keep-on-fail", "on-fail-of");

  private static final Map<String, Kind> KINDS = new LinkedHashMap<>();

  static {
    KINDS.put("restart", new Kind(Set.of("budget", "backoff"), 0, true, Deeds::restart));
    KINDS.put("execute", new Kind(Set.of("now", "to-node"), 0, true, Deeds::execute));
    KINDS.put("waitfor", new Kind(Set.of("delay", "path"), 0, false, Deeds::waitFor));
    KINDS.put(
        "signal", new Kind(Set.of("pid", "code", "value", "to-node"), 1, false, Deeds::signal));
    KINDS.put(
        "pulse",
        new Kind(Set.of("pid", "channel", "pulse", "value", "to-node"), 0, false, Deeds::pulse));
    KINDS.put("log", new Kind(Set.of("prefix", "verbosity"), 1, false, Deeds::log));
    KINDS.put("healthy", new Kind(Set.of(), 0, false, (args, caller) -> Deed.healthy()));
  }

  /**
   * @param words how many follow the kind
   */
  private record Kind(Set<String> options, int words, boolean command, Maker maker) {}

  private interface Maker {
    Deed make(Args args, Caller caller);
  }

  private Deeds() {}

  static Set<String> kinds() {
    return KINDS.keySet();
  }

  /** Throws {@link UsageException} for what does not belong to the kind. */
  static Deed read(Args args, Caller caller) {
    String name = args.positional(1);
    Kind kind = KINDS.get(name);
    if (kind == null) {
      throw args.wrong("there is no action '" + name + "'; there are " + kinds());
    }
    for (String option : args.options().keySet()) {
      boolean known = args.spec().options().stream().anyMatch(o -> o.name().equals(option));
      if (known && !COMMON.contains(option) && !kind.options().contains(option)) {
        throw args.wrong("--" + option + " does not belong to " + name);
      }
    }
    int words = args.positionals().size() - 2;
    if (words != kind.words()) {
      throw args.wrong(
          words < kind.words()
              ? name + " needs one word more"
              : "'" + args.positional(2 + kind.words()) + "' is too much for " + name);
    }
    if (!args.tail().isEmpty() && !kind.command()) {
      throw args.wrong(name + " takes no command after --");
    }
    return kind.maker().make(args, caller);
  }

  private static Deed restart(Args args, Caller caller) {
    RestartPolicy policy = RestartPolicy.NONE;
    if (args.has("budget")) {
      String[] parts = parts(args, "budget", "/", "N/D, such as 5/1m");
      policy =
          policy.budget(
              args.read("--budget", parts[0], Args::integer),
              args.read("--budget", parts[1], Units::duration));
    }
    if (args.has("backoff")) {
      String[] parts = parts(args, "backoff", "\\.\\.", "MIN..MAX, such as 100ms..10s");
      policy =
          policy.backOff(
              args.read("--backoff", parts[0], Units::duration),
              args.read("--backoff", parts[1], Units::duration));
    }
    return new Deed.Restart(
        args.tail().isEmpty() ? List.of() : Program.absolute(args.tail(), caller), policy);
  }

  private static Deed execute(Args args, Caller caller) {
    if (args.tail().isEmpty()) {
      throw args.wrong("execute needs a command after --");
    }
    String node = args.text("to-node", "");
    // On another node the caller's PATH means nothing.
    return new Deed.Execute(
        node.isEmpty() ? Program.absolute(args.tail(), caller) : args.tail(), node);
  }

  private static Deed waitFor(Args args, Caller caller) {
    Duration delay = args.duration("delay", null);
    if (delay == null) {
      throw args.wrong("waitfor needs --delay");
    }
    String path = args.text("path", "");
    return new Deed.WaitFor(
        path.isEmpty() ? "" : caller.directory().resolve(path).normalize().toString(), delay);
  }

  private static Deed signal(Args args, Caller caller) {
    return new Deed.Signal(
        args.text("to-node", ""),
        recipient(args),
        args.read("SIG", args.positional(2), Signals::number),
        args.number("code", 0),
        args.bigNumber("value", 0));
  }

  private static Deed pulse(Args args, Caller caller) {
    for (String needed : List.of("pid", "channel", "pulse")) {
      if (!args.has(needed)) {
        throw args.wrong("pulse needs --" + needed);
      }
    }
    return new Deed.Pulse(
        args.text("to-node", ""),
        args.read("--pid", args.text("pid"), Deeds::pid),
        args.number("channel", 0),
        args.number("pulse", 0),
        args.bigNumber("value", 0));
  }

  private static Deed log(Args args, Caller caller) {
    return new Deed.Log(args.positional(2), args.has("prefix"), args.number("verbosity", 0));
  }

  private static long recipient(Args args) {
    String pid = args.text("pid");
    if (pid == null) {
      throw args.wrong("signal needs --pid PID or --pid self");
    }
    return pid.equals("self") ? 0 : args.read("--pid", pid, Deeds::pid);
  }

  static long pid(String text) {
    long pid = Args.longInteger(text);
    if (pid < 1 || pid > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("'" + text + "' is not the id of a process");
    }
    return pid;
  }

  private static String[] parts(Args args, String option, String at, String form) {
    String[] parts = args.text(option).split(at, -1);
    if (parts.length != 2) {
      throw args.wrong("--" + option + ": '" + args.text(option) + "' is not of the form " + form);
    }
    return parts;
  }
}
