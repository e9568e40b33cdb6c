package io.hamlet.agent.basic;

import io.hamlet.agent.basic.conf.BasicConfig;
import io.hamlet.agent.basic.conf.BasicConfig.Source;
import io.hamlet.agent.basic.conf.Fault;
import io.hamlet.agent.basic.conf.Nodes;
import io.hamlet.manager.disk.Contents;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Where a basic HA daemon has its things. Immutable. */
public record Home(Path directory) {
  /** Nobody writes so much by hand. */
  private static final long LARGEST_FILE = 1 << 20;

  public Home {
    directory = directory.toAbsolutePath().normalize();
  }

  Path checks() {
    return directory.resolve("checks");
  }

  Path actions() {
    return directory.resolve("actions");
  }

  Path var() {
    return directory.resolve("var");
  }

  /** Where it listens. */
  public Path socket() {
    return var().resolve("status.sock");
  }

  Path database() {
    return var().resolve("status.db");
  }

  /** Its pid, locked while it lives. */
  public Path pidFile() {
    return var().resolve("basic.pid");
  }

  /** What it says when it runs in the background. */
  public Path log() {
    return var().resolve("basic.log");
  }

  Path actionLog() {
    return var().resolve("actions.log");
  }

  Path goPipe() {
    return var().resolve("go");
  }

  /** What other daemons of the cluster are to hear goes through this. */
  Path sayPipe() {
    return var().resolve("say");
  }

  /** If it is there, the own node is set up by it: such as to belong to a cluster. */
  public Path nodeConfig() {
    return directory.resolve("etc/node.conf");
  }

  /** The state of its own node. */
  Path nodeState() {
    return var().resolve("node");
  }

  /** If it is there, ssh reads this instead of the user's own. */
  Path sshConfig() {
    return directory.resolve("etc/ssh_config");
  }

  /**
   * Reads both files with their drop-ins.
   *
   * @param nodes the one this runs on, and the others of its cluster
   * @param faults gets everything that is wrong; the result counts only if it stays empty
   */
  public BasicConfig read(Nodes nodes, List<Fault> faults) {
    List<Source> checks = sources("checks.conf", faults);
    if (checks.isEmpty() && faults.isEmpty()) {
      faults.add(new Fault(etc("checks.conf").toString(), 0, "there is no such file"));
    }
    List<Source> actions = sources("actions.conf", faults);
    BasicConfig read =
        BasicConfig.read(
            nodes,
            checks,
            actions,
            name -> new Script(checks()).problemWith(name),
            name -> new Script(actions()).problemWith(name),
            faults);
    if (!actions.isEmpty()) {
      return read;
    }
    String warning = "there is no such file: nothing will be done, only monitored";
    List<Fault> warnings = new ArrayList<>(read.warnings());
    warnings.add(new Fault(etc("actions.conf").toString(), 0, warning));
    return read.with(warnings);
  }

  private Path etc(String name) {
    return directory.resolve("etc").resolve(name);
  }

  private List<Source> sources(String name, List<Fault> faults) {
    List<Path> files = new ArrayList<>();
    Path main = etc(name);
    if (Files.exists(main)) {
      files.add(main);
    }
    Path dropIns = etc(name + ".d");
    if (Files.isDirectory(dropIns)) {
      try {
        files.addAll(Contents.of(dropIns, "*.conf"));
      } catch (IOException e) {
        faults.add(new Fault(dropIns.toString(), 0, "cannot be read: " + e.getMessage()));
      }
    }
    List<Source> sources = new ArrayList<>();
    for (Path file : files) {
      try {
        if (Files.size(file) > LARGEST_FILE) {
          throw new IOException("it is larger than 1 MiB");
        }
        sources.add(new Source(file.toString(), Files.readString(file)));
      } catch (CharacterCodingException e) {
        faults.add(new Fault(file.toString(), 0, "it is not UTF-8"));
      } catch (IOException e) {
        faults.add(new Fault(file.toString(), 0, "cannot be read: " + e.getMessage()));
      }
    }
    return sources;
  }
}
