package io.hamlet.agent;

import io.hamlet.agent.config.NodeConfig;
import io.hamlet.agent.os.Errno;
import io.hamlet.agent.os.Kernel;
import io.hamlet.agent.os.KernelCheck;
import io.hamlet.agent.process.Workplace;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.ProcessSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What this host is like, looked at once when the manager starts. Thread-safe. */
final class Host {
  /** The few variables that entities inherit; everything else of ours is none of their business. */
  private static final List<String> INHERITED = List.of("PATH", "LANG", "TZ");

  private final NodeConfig config;
  private final Kernel kernel;
  private final Workplace workplace;
  private final long user;

  Host(NodeConfig config, Kernel kernel) throws IOException {
    this.config = config;
    this.kernel = kernel;
    this.user = ((Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid")).longValue();
    this.workplace =
        Workplace.of(
            Files.createDirectories(config.places().memory().resolve("go")),
            Files.createDirectories(config.places().state().resolve("output")),
            // As unique as that: two nodes of one name on one host must not end each other's.
            config.places().memory().getFileName().toString(),
            base(config));
  }

  Workplace workplace() {
    return workplace;
  }

  Path outputs() {
    return config.places().state().resolve("output");
  }

  long user() {
    return user;
  }

  long pid() {
    return ProcessHandle.current().pid();
  }

  /** What an operator should know of this host; throws when the kernel is too old. */
  List<String> notices() {
    String release = System.getProperty("os.version");
    return KernelCheck.notices(release, workplace.hasCgroups(), user == 0);
  }

  /** False only when that very process is gone for certain. */
  boolean mayLive(ProcessId process) {
    try {
      String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      return Long.parseLong(fields[19]) == process.startTime();
    } catch (IOException e) {
      // Gone, or hidden from us: only the kernel's word that there is none is certain.
      return kernel.kill(process.pid(), 0) != -Errno.ESRCH;
    }
  }

  /** Whoever is started here finds the manager of this node. */
  private static List<ProcessSpec.Variable> base(NodeConfig config) {
    List<ProcessSpec.Variable> variables = new ArrayList<>();
    String server = "unix:" + config.places().socket().toAbsolutePath();
    variables.add(new ProcessSpec.Variable("HAM_SERVER", server));
    for (String name : INHERITED) {
      String value = System.getenv(name);
      if (value != null) {
        variables.add(new ProcessSpec.Variable(name, value));
      }
    }
    return variables;
  }
}
