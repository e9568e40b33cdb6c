package io.hamlet.agent.cli;

import io.hamlet.client.ClusterPolicy;
import io.hamlet.client.Command;
import io.hamlet.client.Entity;
import io.hamlet.client.Flag;
import io.hamlet.client.Ham;
import java.nio.file.Path;
import java.util.List;

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
            Opt.value("scope", "node|cluster", "on this node, or on one of the cluster (node)"),
            Opt.value("prefer", "NODE,...", "scope cluster: the best node first"),
            Opt.value("quorum-loss", "stop|keep", "scope cluster: without a majority (stop)"),
            Opt.flag("failback", "scope cluster: back to a better node when that can take it"),
            Opt.value("env", "K=V", "in its environment").repeated(),
            Opt.value("cwd", "DIR", "its directory (/)"),
            Opt.value("user", "U[:G]", "as this user and group"),
            Opt.value("limit", "R=N", "such as nofile=1024, as=512MiB, core=unlimited").repeated(),
            Opt.value("log", "FILE", "its output (a file under STATE, rotated)"))
        .tail("CMD ARG...")
        .details(
            """
              The command is never given to a shell. A program without slash is looked for in PATH,
              a relative one in the current directory. With --scope cluster the program and its
              files must be on every node that may run it; it is told its token in HAM_TOKEN.
            """);
  }

  @Override
  public ExitCode run(Call call) throws InterruptedException {
    Args args = call.args();
    String name = args.positional(0);
    Command command = command(args, call.caller());
    Flag.OfEntity[] flags = EntityVerb.flags(args);
    if (args.text("scope", "node").equals("cluster") || name.startsWith("*:")) {
      return attachToCluster(call, Call.local(name), command, flags);
    }
    if (args.has("prefer") || args.has("quorum-loss") || args.has("failback")) {
      throw args.wrong("--prefer, --quorum-loss and --failback belong to --scope cluster");
    }
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

  private static ExitCode attachToCluster(
      Call call, String name, Command command, Flag.OfEntity... flags) throws InterruptedException {
    Args args = call.args();
    if (args.has("pid")) {
      throw args.wrong("--scope cluster needs a command; a process is on one node only");
    }
    if (command == null) {
      throw args.wrong("attach needs a command after --");
    }
    String prefer = args.text("prefer", "");
    ClusterPolicy policy =
        new ClusterPolicy(
            prefer.isEmpty() ? List.of() : List.of(prefer.split(",", -1)),
            args.text("quorum-loss", "stop").equals("keep")
                ? ClusterPolicy.QuorumLoss.KEEP
                : ClusterPolicy.QuorumLoss.STOP,
            args.has("failback"));
    Entity entity = call.ham().cluster().attach(name, command, policy, flags);
    return call.changed(
        entity.receipt(),
        entity.path() + " belongs to the cluster; see where it runs: ham cat '*:" + name + "'",
        Json.object("node", "*", "path", entity.path(), "pid", 0, "type", "ATTACHED"));
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
