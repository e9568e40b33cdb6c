package io.hamlet.agent.cli;

import io.hamlet.agent.supervise.Plan;
import io.hamlet.agent.supervise.health.Health;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** From the words of {@code ham supervise} to what they mean; refuses what makes no sense. */
final class SuperviseOptions {
  static final Spec SPEC =
      Spec.of(
              "supervise",
              "",
              "run a program under SAM: warned, killed and started again when it fails",
              Opt.value("name", "N", "its name on this node (that of the program)"),
              Opt.value("policy", "quit|restart", "what follows a failure (restart)"),
              Opt.value("interval", "D", "a sign of life is due within it (0: no limit)"),
              Opt.value("health", "H", "by " + Health.FORMS + " (none)"),
              Opt.value("start", "now|ready", "when supervision begins (now; with notify ready)"),
              Opt.flag("quorum", "wait for a quorum before that; its loss is a failure"),
              Opt.value("wait", "D", "how long to wait for it (without limit)"),
              Opt.flag("publish", "publish its state as keys (ham sam keys)"),
              Opt.value("warn-signal", "S", "what announces the kill; 0: nothing (TERM)"),
              Opt.value("kill-after", "D", "between the two (the interval, without one 10s)"),
              Opt.value("restart-limit", "N/D|none", "restarts before giving up (5/1m)"),
              Opt.value("restart-delay", "D", "pause before the second in a row, doubled (100ms)"),
              Opt.value("success-exit", "LIST", "statuses that are no failure, such as 0,143"),
              Opt.value("data", "FILE", "what its first instance finds stored (1 MiB)"),
              Opt.flag("detach", "leave it to the manager and return"),
              Opt.value("compat", "libsam", "behave as libsam does"),
              Opt.flag("standalone", "without a manager"))
          .tail("CMD ARG...")
          .details(
              """
                While it is supervised its end is a failure, whatever its status. TERM, INT and HUP are
                handed on, and what follows is none. It exits with the status of the last instance, 128
                and the number of the signal that ended it; 126 and 127 when it cannot be run or found.

                notify   the program speaks sd_notify(3): READY=1, WATCHDOG=1, STOPPING=1, STATUS=...
                exec     a command, never given to a shell; 0 and 1 well, 2 sick, more: nobody could look
                tcp      somebody accepts connections there
                http     a GET is answered with a status from 200 to 399
                file     its modification time goes on
                They look twice within the interval; what takes longer than half of it is sick. Commands
                get HAM_PID, HAM_INSTANCE_ID and HAM_PROCESS. With --start ready the first that is well
                begins supervision. With none the program calls ham sam start, hc and stop itself.
              """);

  private static final int MOST_DATA = 1 << 20;
  private static final Duration LONGEST = Duration.ofDays(366);

  private SuperviseOptions() {}

  /** It is a switch, without a value. */
  static boolean isFlag(String option) {
    return SPEC.options().stream().anyMatch(o -> o.name().equals(option) && o.value() == null);
  }

  /** Throws {@link UsageException}; 126 and 127 are the caller's. */
  static Plan plan(Call call, Path program) {
    Args args = call.args();
    boolean strict = args.has("compat");
    boolean standalone = args.has("standalone");
    refuseNonsense(args, strict, standalone);
    Duration interval = duration(args, "interval");
    Health health = args.read("--health", args.text("health", "none"), Health::parse);
    if (health.isProbe() && interval.isZero()) {
      throw args.wrong("--health " + args.text("health") + " needs an --interval above 0");
    }
    List<String> argv = new ArrayList<>(args.tail());
    argv.set(0, program.toString());
    String usual = health instanceof Health.Notify ? "ready" : "now";
    return new Plan(
        name(args, program),
        argv,
        environment(call),
        call.caller().directory(),
        interval,
        args.text("policy", "restart").equals("restart"),
        withProgram(health, call),
        args.text("start", usual).equals("ready"),
        args.has("quorum"),
        duration(args, "wait"),
        args.has("publish"),
        args.read("--warn-signal", args.text("warn-signal", "TERM"), SuperviseOptions::signal),
        duration(args, "kill-after"),
        restarts(args, strict),
        args.read("--success-exit", args.text("success-exit", ""), SuperviseOptions::statuses),
        data(call),
        strict);
  }

  private static void refuseNonsense(Args args, boolean strict, boolean standalone) {
    if (strict && !args.text("compat").equals("libsam")) {
      throw args.wrong("--compat: '" + args.text("compat") + "' is not libsam");
    }
    for (String own : List.of("restart-limit", "restart-delay", "success-exit", "kill-after")) {
      if (strict && args.has(own)) {
        throw args.wrong("libsam has no --" + own + "; leave it or --compat out");
      }
    }
    for (String managers : List.of("quorum", "publish", "detach", "data")) {
      if (standalone && args.has(managers)) {
        throw args.wrong("--" + managers + " needs a manager; leave it or --standalone out");
      }
    }
    if (args.has("wait") && !args.has("quorum")) {
      throw args.wrong("--wait belongs to --quorum");
    }
  }

  private static Duration duration(Args args, String option) {
    Duration d =
        args.text(option, "0").equals("0") ? Duration.ZERO : args.duration(option, Duration.ZERO);
    if (d.compareTo(LONGEST) > 0) {
      throw args.wrong("--" + option + ": at most 366 days");
    }
    return d;
  }

  private static String name(Args args, Path program) {
    String name = args.text("name", program.getFileName().toString());
    if (name.isEmpty() || name.length() > 200 || name.matches(".*[/\\p{Cntrl}].*")) {
      throw args.wrong("--name: '" + name + "' is no name: 1 to 200 characters, no slash");
    }
    return name;
  }

  /** Ours, but for what is said to ourselves by whoever started us. */
  private static Map<String, String> environment(Call call) {
    Map<String, String> environment = new LinkedHashMap<>(call.caller().environment());
    for (String ours :
        List.of(
            "NOTIFY_SOCKET",
            "WATCHDOG_USEC",
            "WATCHDOG_PID",
            "LISTEN_FDS",
            "LISTEN_PID",
            "LISTEN_FDNAMES",
            "HAM_PROCESS",
            "HAM_INSTANCE_ID",
            "HAM_SAM_TOKEN",
            "HAM_TOKEN",
            "HAM_AOT",
            "HAM_PID",
            "HAM_RUN",
            SuperviseDetached.VARIABLE)) {
      environment.remove(ours);
    }
    return environment;
  }

  /** A command without slash is looked for in PATH, as the program itself is. */
  private static Health withProgram(Health health, Call call) {
    return health instanceof Health.Exec exec
        ? new Health.Exec(Program.absolute(exec.argv(), call.caller()))
        : health;
  }

  private static int signal(String text) {
    return text.equals("0") ? 0 : Signals.number(text);
  }

  /** Null: as usual. */
  private static Plan.Restarts restarts(Args args, boolean strict) {
    if (strict) {
      return Plan.Restarts.UNLIMITED;
    }
    Plan.Restarts usual = Plan.Restarts.USUAL;
    int most = usual.most();
    Duration period = usual.period();
    String limit = args.text("restart-limit", "");
    if (limit.equals("none")) {
      most = 0;
      period = Duration.ZERO;
    } else if (!limit.isEmpty()) {
      String[] parts = limit.split("/", -1);
      if (parts.length != 2) {
        throw args.wrong("--restart-limit: '" + limit + "' is not of the form N/D, such as 5/1m");
      }
      most = args.read("--restart-limit", parts[0], Args::integer);
      period = args.read("--restart-limit", parts[1], Units::duration);
      if (most < 1 || most > 10_000 || period.isZero() || period.compareTo(LONGEST) > 0) {
        throw args.wrong("--restart-limit: from 1/1ms to 10000/366 days");
      }
    }
    Duration least = args.has("restart-delay") ? duration(args, "restart-delay") : usual.least();
    Duration longest =
        least.isZero() || least.compareTo(usual.longest()) > 0 ? least : usual.longest();
    return new Plan.Restarts(most, period, least, longest);
  }

  private static List<Integer> statuses(String list) {
    List<Integer> statuses = new ArrayList<>();
    for (String each : list.isEmpty() ? new String[0] : list.split(",", -1)) {
      int status = each.matches("[0-9]{1,3}") ? Integer.parseInt(each) : -1;
      if (status < 0 || status > 255) {
        throw new IllegalArgumentException("'" + each + "' is not between 0 and 255");
      }
      statuses.add(status);
    }
    return statuses;
  }

  private static byte[] data(Call call) {
    String file = call.args().text("data", "");
    if (file.isEmpty()) {
      return new byte[0];
    }
    try (InputStream in = Files.newInputStream(call.caller().directory().resolve(file))) {
      byte[] data = in.readNBytes(MOST_DATA + 1);
      if (data.length > MOST_DATA) {
        throw call.args().wrong("--data: " + file + " is larger than 1 MiB");
      }
      return data;
    } catch (IOException e) {
      throw call.args().wrong("--data: " + file + " cannot be read: " + e.getMessage());
    }
  }
}
