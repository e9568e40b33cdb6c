package io.hamlet.agent.cli;

import io.hamlet.client.Command;
import io.hamlet.client.Sam;
import io.hamlet.client.SamException;
import io.hamlet.client.SamProgram;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** {@code ham sam}: the calls of a supervised program, for shells (sam.md 4.4). */
final class SamVerb implements Verb {
  private static final String WORDS =
      "init, register, start, cancel-start, stop, hc, warn-signal, store, size, restore,"
          + " mark-failed, unhealthy, finalize, list, keys, clear, group";

  static final String GROUP_WORDS = "join, leave, send, listen, list";

  @Override
  public Spec spec() {
    List<Opt> options = new ArrayList<>(SamOptions.all());
    options.add(Opt.value("name", "NAME", "of the program (HAM_PROCESS)"));
    options.add(Opt.value("pid", "PID", "init: the program (the caller)"));
    options.add(Opt.value("wait", "D", "start: wait no longer for a quorum"));
    options.add(Opt.value("count", "N", "group listen: end after so many events"));
    return new Spec(
        "sam",
        "WORD [ARG...]",
        "supervision of a program: its own calls",
        options,
        "CMD ARG...",
        """
          Words: init, register, start, cancel-start, stop, hc, warn-signal SIGNAL, store (from
          standard input), size, restore (to standard output), mark-failed [REASON], unhealthy,
          finalize; and for people list, keys [NAME], clear NAME. A command after -- says how init's
          program is started again. A program that was launched by its node needs no --name.
          With others of the cluster: group join GROUP, group send GROUP [TEXT] (or from standard
          input, at most 1 KiB), group listen GROUP, group leave GROUP, and group list. What is
          heard begins with the own joining, and is the same for all members.
        """);
  }

  @Override
  public ExitCode run(Call call) throws InterruptedException {
    String word = call.args().positional(0);
    try {
      return switch (word) {
        case "list" -> list(call);
        case "keys" -> keys(call);
        case "clear" -> clear(call);
        case "init" -> init(call);
        case "register" -> register(call);
        case "start" -> start(call);
        case "size" -> size(call);
        case "store" -> store(call);
        case "restore" -> restore(call);
        case "group" -> group(call);
        default -> plain(call, word);
      };
    } catch (SamException e) {
      throw failure(e);
    }
  }

  private static ExitCode plain(Call call, String word) throws SamException, InterruptedException {
    Sam sam = sam(call);
    switch (word) {
      case "cancel-start" -> sam.cancelStart();
      case "stop" -> sam.stop();
      case "hc" -> sam.heartbeat();
      case "warn-signal" -> sam.warnSignal(argument(call, "SIGNAL"));
      case "mark-failed" -> sam.markFailed(call.args().positional(1, ""));
      case "unhealthy" -> sam.unhealthy();
      case "finalize" -> sam.finish();
      default -> throw call.args().wrong("'" + word + "' is none of " + WORDS);
    }
    return done(call, sam, word);
  }

  private static ExitCode done(Call call, Sam sam, String word) {
    if (call.isJson()) {
      call.printJson(Json.object("name", sam.name(), "done", word));
    }
    return ExitCode.DONE;
  }

  private static ExitCode init(Call call) throws SamException, InterruptedException {
    Args args = call.args();
    long pid = args.has("pid") ? args.read("--pid", args.text("pid"), Deeds::pid) : parent();
    Command again =
        args.tail().isEmpty() ? null : Command.of(Program.absolute(args.tail(), call.caller()));
    Sam sam = sam(call);
    sam.initialize(SamOptions.contract(args), again, pid);
    return done(call, sam, "init");
  }

  private static ExitCode register(Call call) throws SamException, InterruptedException {
    int instance = sam(call).register();
    if (call.isJson()) {
      call.printJson(Json.object("name", name(call), "instance_id", instance));
    } else {
      call.print(String.valueOf(instance));
    }
    return ExitCode.DONE;
  }

  private static ExitCode start(Call call) throws SamException, InterruptedException {
    Sam sam = sam(call);
    if (!call.args().has("wait")) {
      sam.start();
    } else if (!sam.start(call.args().duration("wait", Duration.ZERO))) {
      throw new Failure(ExitCode.TRY_AGAIN, "there was no quorum in time; it is not started");
    }
    return done(call, sam, "start");
  }

  private static ExitCode size(Call call) throws SamException, InterruptedException {
    long size = sam(call).dataSize();
    if (call.isJson()) {
      call.printJson(Json.object("name", name(call), "size", size));
    } else {
      call.print(String.valueOf(size));
    }
    return ExitCode.DONE;
  }

  private static ExitCode store(Call call) throws SamException, InterruptedException {
    Sam sam = sam(call);
    // One byte more than is kept, so that too much is refused and not cut.
    try (InputStream in = new FileInputStream(FileDescriptor.in)) {
      sam.storeData(in.readNBytes((1 << 20) + 1));
    } catch (IOException e) {
      throw new Failure(ExitCode.REFUSED, "standard input: " + e.getMessage());
    }
    return done(call, sam, "store");
  }

  private static ExitCode restore(Call call) throws SamException, InterruptedException {
    call.caller().out().writeBytes(sam(call).restoreData());
    return ExitCode.DONE;
  }

  private static ExitCode group(Call call) throws SamException, InterruptedException {
    String word = argument(call, "WORD: one of " + GROUP_WORDS);
    Sam sam = word.equals("list") ? Sam.named(call.ham(), "-") : sam(call);
    return SamGroupWords.run(call, sam, word);
  }

  private static ExitCode clear(Call call) throws SamException, InterruptedException {
    String name = argument(call, "NAME");
    Sam sam = Sam.named(call.ham(), name);
    sam.clear();
    return done(call, sam, "clear");
  }

  private static ExitCode list(Call call) throws SamException, InterruptedException {
    for (SamProgram p : programs(call, p -> true)) {
      if (call.isJson()) {
        call.printJson(document(p));
      } else {
        String end = p.end() == null ? "" : "  " + p.end().cause() + ", " + p.end().exit();
        call.print(p.name() + "  " + p.state() + "  pid " + p.pid() + "  #" + p.instance() + end);
      }
    }
    return ExitCode.DONE;
  }

  private static ExitCode keys(Call call) throws SamException, InterruptedException {
    String name = call.args().positional(1, "");
    for (SamProgram p : programs(call, p -> name.isEmpty() || p.name().equals(name))) {
      if (call.isJson()) {
        call.printJson(Json.object("name", p.name(), "keys", new java.util.TreeMap<>(p.keys())));
      } else {
        for (Map.Entry<String, String> key : p.keys().entrySet()) {
          call.print(key.getKey() + " = " + key.getValue());
        }
      }
    }
    return ExitCode.DONE;
  }

  private static List<SamProgram> programs(Call call, Predicate<SamProgram> wanted)
      throws SamException, InterruptedException {
    return Sam.list(call.ham()).stream().filter(wanted).toList();
  }

  private static Map<String, Object> document(SamProgram p) {
    Map<String, Object> end =
        p.end() == null
            ? null
            : Json.object(
                "instance_id", p.end().instance(),
                "cause", p.end().cause(),
                "exit", p.end().exit(),
                "status", p.end().status());
    return Json.object(
        "name", p.name(),
        "state", p.state(),
        "pid", p.pid(),
        "instance_id", p.instance(),
        "interval_ms", p.interval().toMillis(),
        "recovery", p.recovery().name().toLowerCase(java.util.Locale.ROOT),
        "warning", p.warning(),
        "data_size", p.dataSize(),
        "end", end);
  }

  private static Sam sam(Call call) {
    String token = call.args().has("name") ? "" : call.caller().variable("HAM_SAM_TOKEN", "");
    return Sam.named(call.ham(), name(call), token);
  }

  private static String name(Call call) {
    String name = call.args().text("name", call.caller().variable("HAM_PROCESS", ""));
    if (name.isEmpty()) {
      throw call.args().wrong("which program? HAM_PROCESS is not set, and --name not given");
    }
    return name;
  }

  private static String argument(Call call, String what) {
    String given = call.args().positional(1, "");
    if (given.isEmpty()) {
      throw call.args().wrong(call.args().positional(0) + " needs a " + what);
    }
    return given;
  }

  private static long parent() {
    return ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(0L);
  }

  private static Failure failure(SamException e) {
    ExitCode code =
        switch (e.status()) {
          case LIBRARY -> ExitCode.UNREACHABLE;
          case TRY_AGAIN -> ExitCode.TRY_AGAIN;
          case ACCESS -> ExitCode.NOT_PERMITTED;
          case OK, INVALID_PARAM, NO_MEMORY, BAD_HANDLE, NAME_TOO_LONG, TOO_BIG -> ExitCode.REFUSED;
        };
    return new Failure(code, e.getMessage() + " (" + e.status().code() + ")");
  }
}
