package io.hamlet.agent.process;

import io.hamlet.agent.os.Errno;
import io.hamlet.agent.os.Kernel;
import io.hamlet.core.model.ProcessSpec;
import java.util.List;

/** Resource limits by name; the place in the list is the kernel's number. */
final class Limits {
  private static final List<String> NAMES =
      List.of(
          "cpu",
          "fsize",
          "data",
          "stack",
          "core",
          "rss",
          "nproc",
          "nofile",
          "memlock",
          "as",
          "locks",
          "sigpending",
          "msgqueue",
          "nice",
          "rtprio",
          "rttime");

  private Limits() {}

  /** The kernel's number, or -1. */
  static int number(String resource) {
    return NAMES.indexOf(resource);
  }

  static String known() {
    return String.join(", ", NAMES);
  }

  /** Throws {@link StartFailure} if the process may not have it. */
  static void set(Kernel kernel, long pid, ProcessSpec.Limit limit) {
    int number = number(limit.resource());
    long result = number < 0 ? -Errno.EINVAL : kernel.setLimit(pid, number, limit.value());
    if (result < 0) {
      throw new StartFailure(
          "the limit "
              + limit.resource()
              + "="
              + limit.value()
              + " cannot be set: "
              + Errno.text(result));
    }
  }
}
