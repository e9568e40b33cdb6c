package io.hamlet.agent.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code ham run}: only its words are read here; the launcher does the rest. */
public final class RunVerb implements Verb {
  static final Spec SPEC =
      Spec.of(
              "run",
              "",
              "run a node in the foreground, over any number of takeovers",
              Opt.value("config", "FILE", "read key = value lines; options come first"),
              Opt.value("node", "NAME", "its name (the host's)"),
              Opt.value("state", "DIR", "where it keeps its state, on a disk"),
              Opt.value("listen", "HOST:PORT", "serve here too, or none (127.0.0.1:4226)"),
              Opt.value("socket", "PATH", "the local socket"),
              Opt.flag("no-guardian", "without the mirror process that takes over"),
              Opt.flag("no-restart", "exit 1 instead of starting lost managers again"),
              Opt.value("log", "LOG", "the activity log (standard error)").as("f"),
              Opt.value("stamp", "none|relative|absolute|shortabs", "its time stamps (relative)")
                  .as("t"),
              Opt.value("verbosity", "N", "how much is written to it (0)").as("V"),
              Opt.flag("verbose", "one level more").as("v").repeated(),
              Opt.value("cluster", "NAME", "be a node of this cluster"),
              Opt.value("bind", "ADDR[:PORT]", "10 ports for the other nodes (127.0.0.1:4227)"),
              Opt.value("join", "LIST", "HOST[:PORT], dns:NAME[:PORT], multicast"),
              Opt.value("voters", "NAME,...", "the nodes that decide together (itself)"),
              Opt.value("cluster-key", "FILE", "32 secret bytes or more, the same on all nodes"),
              Opt.value("tls-cert", "FILE", "its certificate (PEM)"),
              Opt.value("tls-key", "FILE", "its private key (PEM)"),
              Opt.value("tls-ca", "FILE", "who signs all certificates (PEM)"),
              Opt.value("lease", "D", "how long it may act unheard (1500ms)"),
              Opt.value("quorum-stop-grace", "D", "from TERM to KILL when that is over (0s)"),
              Opt.value("capacity", "N", "entities of the cluster it runs; 0: a witness"),
              Opt.value("fencing", "none|when-unsure|required", "turn lost nodes off (none)"),
              Opt.value("fence-agent", "FILE", "a command of the fence_* convention"),
              Opt.value("fence-options", "FILE", "what it is told: lines NODE name=value"),
              Opt.value("fence-timeout", "D", "for one call of it (60s)"),
              Opt.value("watchdog", "FILE", "the device that is petted, such as /dev/watchdog"),
              Opt.value("watchdog-timeout", "D", "of it, 2s to 120s (6s)"))
          .details(
              """
                TERM and INT mean ham stop. The foreground process is the launcher: it starts the
                managers again when both are gone, and one that is started while they live attaches
                to them. Every option is a key of the configuration file too.

                With --cluster the node belongs to others of that name, which it finds by --join;
                some of them are enough. Give each the same --voters, three or five nodes: once
                all of them have met the cluster is there, and from then on a majority of them
                decides. A node that is not among them belongs to the cluster too. Off loopback a cluster
                key and TLS are required.
              """);

  @Override
  public Spec spec() {
    return SPEC;
  }

  @Override
  public ExitCode run(Call call) {
    throw new Failure(
        ExitCode.CONFIGURATION, "a node is started by its launcher: call deploy/bin/ham run");
  }

  /** The options by long name, for the configuration. Throws {@link UsageException}. */
  public static Map<String, String> options(List<String> words) {
    Args args = Parser.parse(SPEC, words);
    Map<String, String> options = new LinkedHashMap<>();
    args.options().forEach((name, values) -> options.put(name, values.getLast()));
    int more = args.all("verbose").size();
    if (more > 0) {
      options.put("verbosity", String.valueOf(args.number("verbosity", 0) + more));
    }
    return options;
  }
}
