package io.hamlet.agent.cli;

import io.hamlet.client.Command;
import io.hamlet.client.Entity;
import io.hamlet.client.Flag;
import io.hamlet.client.Ham;
import java.nio.file.Path;

/** {@code ham attach}. */
final class AttachVerb implements Verb {
  @Override
  public Spec spec() {
    return Spec.of(
            "attach",
            "NAME",
            "start a command as an entity, or adopt a process",
            Opt.value("pid", "PID", "adopt this one; a command says how to start it again"),
            Opt.flag("forking", "the started process ends and leaves the entity behind"),
            Opt.value("pid-file", "F", "where a forking program writes its pid"),
            Opt.flag("keep-on-death", "keep entity and conditions when the process is gone"),
            Opt.value("kill", "group|process", "what is ended before a restart (group)"),
            Opt.value("scope", "node|cluster", "node"),
            Opt.later("prefer", "NODE,..."),
            Opt.later("quorum-loss", "stop|keep"),
            Opt.value("env", "K=V", "in its environment").repeated(),
            Opt.value("cwd", "DIR", "its directory (/)"),
            Opt.value("user", "U[:G]", "as this user and group"),
            Opt.value("limit", "R=N", "such as nofile=1024, as=512MiB, core=unlimited").repeated(),
            Opt.value("log", "FILE", "its output (a file under STATE, rotated)"))
        .tail("CMD ARG...")
        .details(
            """
              The command is never given to a shell. A program without slash is looked for in PATH,
              a relative one in the current directory.
            """);
  }

  @Override
  public ExitCode run(Call call) throws InterruptedException {
    Args args = call.args();
    String name = args.positional(0);
    if (args.text("scope", "node").equals("cluster")) {
      throw args.wrong("--scope cluster is not in this version yet");
    }
    Command command = command(args, call.caller());
    Flag.OfEntity[] flags = EntityVerb.flags(args);
    Ham ham = call.hamFor(name);
    Entity entity;
    if (args.has("pid")) {
      long pid = args.read("--pid", args.text("pid"), Deeds::pid);
      entity = ham.adopt(Call.local(name), pid, command, flags);
    } else if (command == null) {
      throw args.wrong("attach needs a command after --, or --pid");
    } else {
      entity = ham.attach(Call.local(name), command, flags);
    }
    return call.changed(
        entity.receipt(),
        entity.path() + " is process " + entity.pid(),
        Json.object(
            "node", entity.node(), "path", entity.path(), "pid", entity.pid(), "type", "ATTACHED"));
  }

  private static Command command(Args args, Caller caller) {
    if (args.tail().isEmpty()) {
      return null;
    }
    Command.Builder command = Command.builder(Program.absolute(args.tail(), caller));
    for (String pair : args.all("env")) {
      String[] parts = pair(args, "env", pair);
      command.env(parts[0], parts[1]);
    }
    for (String pair : args.all("limit")) {
      String[] parts = pair(args, "limit", pair);
      command.limit(parts[0], args.read("--limit", parts[1], AttachVerb::limit));
    }
    if (args.has("cwd")) {
      command.directory(absolute(args.text("cwd"), caller));
    }
    if (args.has("user")) {
      command.user(args.text("user"));
    }
    if (args.has("log")) {
      command.logFile(absolute(args.text("log"), caller));
    }
    if (args.text("kill", "group").equals("process")) {
      command.killProcessOnly();
    }
    return forking(args, command, caller).build();
  }

  private static Command.Builder forking(Args args, Command.Builder command, Caller caller) {
    if (!args.has("pid-file")) {
      return args.has("forking") ? command.forking() : command;
    }
    if (!args.has("forking")) {
      throw args.wrong("--pid-file belongs to --forking");
    }
    return command.forking(absolute(args.text("pid-file"), caller));
  }

  private static String absolute(String path, Caller caller) {
    return caller.directory().resolve(Path.of(path)).normalize().toString();
  }

  private static long limit(String text) {
    return text.equals("unlimited") ? Command.UNLIMITED : Units.size(text);
  }

  private static String[] pair(Args args, String option, String text) {
    int equals = text.indexOf('=');
    if (equals < 1) {
      throw args.wrong("--" + option + ": '" + text + "' is not of the form NAME=VALUE");
    }
    return new String[] {text.substring(0, equals), text.substring(equals + 1)};
  }
}
