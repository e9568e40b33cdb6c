package io.hamlet.agent.os;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether this kernel will do, and what it lacks. */
public final class KernelCheck {
  /** The oldest kernel: pidfds that can be waited for, and close_range (Linux 5.10). */
  public static final String OLDEST = "5.10";

  private static final int OLDEST_MAJOR = 5;
  private static final int OLDEST_MINOR = 10;
  private static final int EXITS_MAJOR = 6;
  private static final int EXITS_MINOR = 15;
  private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+).*");

  private KernelCheck() {}

  /**
   * What people should know about this machine, one sentence each.
   *
   * @param release such as {@code 6.1.0-18-amd64}
   * @param cgroups whether cgroup v2 is writable
   * @param root whether the manager runs as root
   * @throws UnsupportedOperationException if the kernel is too old
   */
  public static List<String> notices(String release, boolean cgroups, boolean root) {
    Matcher version = VERSION.matcher(release);
    if (!version.matches()) {
      return List.of("the kernel release '" + release + "' is not understood; hoping for the best");
    }
    int major = Integer.parseInt(version.group(1));
    int minor = Integer.parseInt(version.group(2));
    if (isBefore(major, minor, OLDEST_MAJOR, OLDEST_MINOR)) {
      throw new UnsupportedOperationException(
          "this is Linux " + release + "; Hamlet needs " + OLDEST + " or newer");
    }
    List<String> notices = new ArrayList<>();
    if (!cgroups) {
      notices.add(
          "cgroup v2 is not writable: entities are kept together by process groups only, and a"
              + " program that leaves its group is overlooked; entities of a cluster are not run"
              + " here (in a container: see deploy/README.md)");
    }
    if (!root && isBefore(major, minor, EXITS_MAJOR, EXITS_MINOR)) {
      notices.add(
          "Linux before 6.15 tells only root how a process ended that is not our child: adopted"
              + " processes die of an unknown cause");
    }
    if (!root) {
      notices.add("not running as root: only programs of this user can be started and watched");
    }
    return List.copyOf(notices);
  }

  /** Whether a pidfd tells the exit status of any process (Linux 6.15); if in doubt, it does. */
  public static boolean pidfdTellsExits(String release) {
    Matcher version = VERSION.matcher(release);
    return !version.matches()
        || !isBefore(
            Integer.parseInt(version.group(1)),
            Integer.parseInt(version.group(2)),
            EXITS_MAJOR,
            EXITS_MINOR);
  }

  private static boolean isBefore(int major, int minor, int otherMajor, int otherMinor) {
    return major != otherMajor ? major < otherMajor : minor < otherMinor;
  }
}
