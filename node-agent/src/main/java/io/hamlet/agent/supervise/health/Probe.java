package io.hamlet.agent.supervise.health;

import io.hamlet.agent.script.run.GroupRun;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** A way to look at a program. For one thread; a look may be interrupted. */
interface Probe {
  /**
   * Looks once. Whatever the other side does it comes back, soon after the limit at the latest.
   *
   * @param limit above zero
   */
  Finding look(Duration limit) throws InterruptedException;

  /** From one look to the next, so that a sign of life is never late. */
  default Duration pace(Duration interval) {
    return interval.dividedBy(2);
  }

  /**
   * The probe of a kind that is one.
   *
   * @param environment of a program that is run
   * @param directory where it is run
   */
  static Probe of(Health health, GroupRun runs, Map<String, String> environment, Path directory) {
    return switch (health) {
      case Health.Exec exec -> new ExecProbe(runs, exec.argv(), environment, directory);
      case Health.Tcp tcp -> new TcpProbe(tcp.host(), tcp.port());
      case Health.Http http -> new HttpProbe(http.uri());
      case Health.Touched touched -> new FileProbe(directory.resolve(touched.path()));
      case Health.None none -> throw new IllegalArgumentException("nobody looks");
      case Health.Notify notify -> throw new IllegalArgumentException("the program speaks");
    };
  }
}
