package io.hamlet.agent.cli;

import io.hamlet.agent.basic.Basic;
import io.hamlet.agent.basic.BasicClient;
import io.hamlet.agent.basic.Home;
import io.hamlet.agent.basic.StartFailure;
import io.hamlet.agent.basic.conf.Fault;
import io.hamlet.agent.basic.conf.Nodes;
import io.hamlet.agent.config.ConfigException;
import io.hamlet.agent.config.NodeConfig;
import io.hamlet.client.Ham;
import io.hamlet.client.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code ham basic}. */
final class BasicVerb implements Verb {
  @Override
  public Spec spec() {
    return Spec.of(
            "basic",
            "[check-config|status|reload|stop]",
            "the basic HA daemon: two files, checks, and commands for changes",
            Opt.value("home", "DIR", "where etc, checks, actions and var are (above the program)"),
            Opt.flag("background", "return when it works; log and pid are in DIR/var"),
            Opt.flag("debug", "tell what only few want to know"))
        .details(
            """
              Without a word it runs in the foreground until TERM, INT or ham basic stop. It brings a
              node of its own unless --server or HAM_SERVER names one. HUP or reload read both files
              anew. check-config tells all that is wrong with them, status what is believed. On each
              node of a cluster one of the same files runs; sequences are for the one that leads.
            """);
  }

  @Override
  public ExitCode run(Call call) throws InterruptedException {
    Args args = call.args();
    Home home = new Home(call.caller().directory().resolve(home(args)));
    String word = args.positional(0, "");
    return switch (word) {
      case "" -> args.has("background") ? BasicStart.behind(call, home) : daemon(call, home);
      case "check-config" -> check(call, home);
      case "status" -> status(call, home);
      case "reload" -> reload(call, home);
      case "stop" -> stop(call, home);
      default -> throw args.wrong("'" + word + "' is none of check-config, status, reload, stop");
    };
  }

  private static String home(Args args) {
    String program = System.getProperty(DemoVerb.PROGRAM);
    if (!args.has("home") && program == null) {
      throw args.wrong("--home is missing");
    }
    return args.has("home") ? args.text("home") : Path.of(program, "../..").toString();
  }

  private static ExitCode daemon(Call call, Home home) throws InterruptedException {
    String program = System.getProperty(DemoVerb.PROGRAM);
    boolean hasServer = hasServer(call);
    if (program == null && !hasServer) {
      throw new Failure(ExitCode.CONFIGURATION, "this is started by deploy/bin/ham basic");
    }
    Ham server = hasServer ? call.ham() : null;
    String node = hasServer ? server.status().node() : nodeName(call, home);
    Path path = program == null ? null : Path.of(program);
    try {
      boolean debug = call.args().has("debug");
      new Basic(home, path, node, server, Json::write, call.caller().err(), debug).run();
      return ExitCode.DONE;
    } catch (StartFailure e) {
      e.messages().forEach(call::note);
      return switch (e.kind()) {
        case CONFIGURATION -> ExitCode.CONFIGURATION;
        case CANNOT_WRITE -> ExitCode.CANNOT_WRITE;
        case TAKEN -> ExitCode.REFUSED;
        case NO_MANAGER -> ExitCode.UNREACHABLE;
      };
    }
  }

  private static boolean hasServer(Call call) {
    return call.args().has("server") || !call.caller().variable("HAM_SERVER", "").isEmpty();
  }

  private static String nodeName(Call call, Home home) {
    String given = call.args().text("node");
    Map<String, String> options = new HashMap<>();
    if (given != null) {
      options.put("node", given);
    }
    if (Files.isReadable(home.nodeConfig())) {
      options.put("config", home.nodeConfig().toString());
    }
    try {
      Map<String, String> environment = call.caller().environment();
      return NodeConfig.of(options, call.caller().directory(), environment).node();
    } catch (ConfigException e) {
      throw call.args().wrong(e.problems().getFirst());
    }
  }

  private static ExitCode check(Call call, Home home) throws InterruptedException {
    List<Fault> faults = new ArrayList<>();
    List<Fault> warnings = home.read(nodes(call, home), faults).warnings();
    if (call.isJson()) {
      call.printJson(Json.object("faults", texts(faults), "warnings", texts(warnings)));
    } else {
      faults.forEach(f -> call.print(f.toString()));
      warnings.forEach(w -> call.note("warning: " + w));
    }
    return faults.isEmpty() ? ExitCode.DONE : ExitCode.CONFIGURATION;
  }

  private static Nodes nodes(Call call, Home home) throws InterruptedException {
    if (!hasServer(call)) {
      return Nodes.alone(nodeName(call, home));
    }
    Status status = call.ham().status();
    Set<String> all = new LinkedHashSet<>();
    if (status.cluster() != null) {
      status.cluster().members().forEach(m -> all.add(m.node()));
    }
    return new Nodes(status.node(), all);
  }

  private static List<String> texts(List<Fault> faults) {
    return faults.stream().map(Fault::toString).toList();
  }

  private static ExitCode status(Call call, Home home) {
    String answer = ask(home, "{\"get\":\"status\"}");
    if (call.isJson()) {
      call.print(answer);
      return ExitCode.DONE;
    }
    Map<String, Object> status = BasicClient.read(answer);
    if (status.get("leader") instanceof String leader) {
      String who = leader.isEmpty() ? "nobody leads" : "node " + leader + " leads";
      String here = status.get("acts").equals(true) ? "; sequences run here" : "";
      call.print("node " + status.get("node") + ": " + who + here);
    }
    for (Object each : (List<?>) status.get("hosts")) {
      Map<?, ?> host = (Map<?, ?>) each;
      boolean failed = host.get("action_failed").equals(true);
      call.print(host.get("host") + "  " + host.get("state") + (failed ? "  action-failed" : ""));
      for (Object other : (List<?>) status.get("checks")) {
        Map<?, ?> check = (Map<?, ?>) other;
        if (check.get("host").equals(host.get("host"))) {
          String said = "  " + check.get("result") + "  " + check.get("text");
          call.print("  " + check.get("check") + said);
        }
      }
    }
    for (Object each : (List<?>) status.get("sequences")) {
      Map<?, ?> sequence = (Map<?, ?>) each;
      String phase = String.valueOf(sequence.get("phase")).toLowerCase(java.util.Locale.ROOT);
      call.print("[" + sequence.get("section") + "] of " + sequence.get("host") + ": " + phase);
    }
    return ExitCode.DONE;
  }

  private static ExitCode reload(Call call, Home home) {
    Map<String, Object> answer = BasicClient.read(ask(home, "{\"do\":\"reload\"}"));
    if (answer.get("ok").equals(true)) {
      call.print("read anew");
      return ExitCode.DONE;
    }
    String.valueOf(answer.get("error")).lines().forEach(call::note);
    call.note("the old configuration stays");
    return ExitCode.CONFIGURATION;
  }

  private static ExitCode stop(Call call, Home home) {
    Object pid = BasicClient.read(ask(home, "{\"do\":\"stop\"}")).get("pid");
    ProcessHandle.of((Long) pid).ifPresent(p -> p.onExit().join());
    call.print("stopped");
    return ExitCode.DONE;
  }

  private static String ask(Home home, String request) {
    try {
      return BasicClient.ask(home, request);
    } catch (IOException e) {
      throw new Failure(
          ExitCode.UNREACHABLE, "no daemon runs in " + home.directory() + ": " + e.getMessage());
    }
  }
}
