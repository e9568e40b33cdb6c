package io.hamlet.it.live;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/**
 * A command of the fence_* convention for {@link Hosts}: it pulls the cable of a host and kills all
 * that runs there; or does not, as the test wants. Not thread-safe.
 */
final class PowerSwitch {
  /** It notes what it is asked, and what the watched file says by then. */
  private static final String SCRIPT =
      """
      #!/bin/bash
      while IFS='=' read -r name value; do
        declare "told_$name=$value"
      done
      cd "$(dirname "$0")" || exit 1
      echo "$told_action $told_plug" >>calls
      case $(cat mode) in
        FAILS) echo 'nothing happens'; exit 1 ;;
        HANGS) sleep 1000 ;;
      esac
      tail -n 1 "$told_watched" >seen
      # First of all: a host that is off says no word of what dies there.
      ip -n "$told_wire" link set dev "$told_cable" down
      [[ ! -e along ]] || kill -9 $(<along)
      doomed=()
      for ((tries = 0; tries < 100; tries++)); do
        pids=$(ip netns pids "$told_host")
        [[ -n $pids ]] || break
        doomed+=($pids)
        kill -9 $pids
      done
      # Who is dying is on no host any more, long before it is gone.
      for pid in "${doomed[@]}"; do
        for ((; tries < 200; tries++)); do
          state=X
          while read -r key value _; do
            [[ $key != State: ]] || state=$value
          done 2>/dev/null <"/proc/$pid/status"
          [[ $state != [ZX] ]] || break
          sleep 0.005
        done
      done
      ((tries < 200))
      """;

  private final Path directory;
  private final Path agent;
  private final Path options;

  /** What comes of it. */
  enum Mode {
    WORKS,
    FAILS,
    HANGS
  }

  /**
   * Works at first.
   *
   * @param watched a file whose last line is kept at the moment of the deed
   */
  PowerSwitch(Path directory, Hosts hosts, Path watched) throws IOException {
    this.directory = Files.createDirectory(directory);
    agent = directory.resolve("fence_hosts");
    options = directory.resolve("options");
    Files.writeString(agent, SCRIPT);
    Files.setPosixFilePermissions(agent, PosixFilePermissions.fromString("rwx------"));
    List<String> lines = new ArrayList<>(List.of("* watched=" + watched));
    for (int i = 0; i < hosts.count(); i++) {
      String node = LiveCluster.nameOf(i);
      lines.add(node + " host=" + hosts.name(i));
      lines.add(node + " wire=" + hosts.wireName());
      lines.add(node + " cable=" + Hosts.plugName(i));
    }
    Files.write(options, lines);
    Files.setPosixFilePermissions(options, PosixFilePermissions.fromString("rw-------"));
    turn(Mode.WORKS);
  }

  /**
   * For {@code ham run}.
   *
   * @param rule as {@code --fencing} takes it
   */
  String[] options(String rule) {
    return new String[] {
      "--fencing",
      rule,
      "--fence-agent",
      agent.toString(),
      "--fence-options",
      options.toString(),
      "--fence-timeout",
      "1s"
    };
  }

  void turn(Mode mode) throws IOException {
    // A call may read it at any moment.
    Path fresh = Files.writeString(directory.resolve("mode.new"), mode.name());
    Files.move(fresh, directory.resolve("mode"), StandardCopyOption.ATOMIC_MOVE);
  }

  /** This process goes off with the host, as a disk of its own would. */
  void takesAlong(long pid) throws IOException {
    Files.writeString(directory.resolve("along"), String.valueOf(pid));
  }

  /** What it was asked, such as {@code off c}, oldest first. */
  List<String> calls() throws IOException {
    Path calls = directory.resolve("calls");
    return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
  }

  /** The last line of the watched file when it worked. */
  String seen() throws IOException {
    return Files.readString(directory.resolve("seen")).strip();
  }
}
