package io.hamlet.agent.cli;

import io.hamlet.client.RecoveryPolicy;
import io.hamlet.client.RestartPolicy;
import io.hamlet.client.SamContract;
import io.hamlet.client.SamFlag;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** How a program is to be supervised, in words (sam.md 4.5). */
final class SamOptions {
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  private SamOptions() {}

  /** The options of a contract. */
  static List<Opt> all() {
    return List.of(
        Opt.value("policy", "quit|restart|watchdog|reboot|shutdown", "after a failure (restart)"),
        Opt.value("interval", "D", "within which a message is due; 0: no limit (0)"),
        Opt.flag("quorum", "start waits for a quorum, and its loss is a failure"),
        Opt.flag("publish", "publish keys; the program may mark itself failed"),
        Opt.value("kill-after", "D", "between warning and kill (the interval)"),
        Opt.value("restart-limit", "N/D", "restarts within a time, such as 5/1m (5/1m)"),
        Opt.value("restart-delay", "D", "before the second try in a row, doubling (100ms)"),
        Opt.value("success-exit", "N,...", "exit statuses that end supervision in good order"),
        Opt.value("compat", "libsam", "behave as libsam does"));
  }

  static SamContract contract(Args args) {
    Set<SamFlag> flags = new TreeSet<>();
    if (args.has("quorum")) {
      flags.add(SamFlag.QUORUM);
    }
    if (args.has("publish")) {
      flags.add(SamFlag.PUBLISH);
    }
    if (args.has("compat")) {
      if (!args.text("compat").equals("libsam")) {
        throw args.wrong("--compat: '" + args.text("compat") + "' is not libsam");
      }
      flags.add(SamFlag.COMPAT_LIBSAM);
    }
    return new SamContract(
        args.duration("interval", Duration.ZERO),
        RecoveryPolicy.valueOf(args.text("policy", "restart").toUpperCase(Locale.ROOT)),
        flags,
        args.duration("kill-after", Duration.ZERO),
        restarts(args),
        exits(args),
        false);
  }

  /** Null: as usual. */
  private static RestartPolicy restarts(Args args) {
    if (!args.has("restart-limit") && !args.has("restart-delay")) {
      return null;
    }
    RestartPolicy policy = RestartPolicy.NONE;
    if (args.has("restart-limit")) {
      String[] parts = args.text("restart-limit").split("/", -1);
      if (parts.length != 2) {
        throw args.wrong("--restart-limit is N/D, such as 5/1m");
      }
      policy =
          policy.budget(
              args.read("--restart-limit", parts[0], Args::integer),
              args.read("--restart-limit", parts[1], Units::duration));
    }
    Duration least = args.duration("restart-delay", Duration.ZERO);
    Duration longest = least.compareTo(LONGEST_PAUSE) > 0 ? least : LONGEST_PAUSE;
    return policy.backOff(least, least.isZero() ? Duration.ZERO : longest);
  }

  private static List<Integer> exits(Args args) {
    List<Integer> exits = new ArrayList<>();
    if (args.has("success-exit")) {
      for (String status : args.text("success-exit").split(",", -1)) {
        exits.add(args.read("--success-exit", status.strip(), Args::integer));
      }
    }
    return exits;
  }
}
