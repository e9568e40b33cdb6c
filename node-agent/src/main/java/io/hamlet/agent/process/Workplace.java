package io.hamlet.agent.process;

import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.ProcessSpec.Variable;
import io.hamlet.core.recovery.Effect;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where and with what processes are started.
 *
 * @param marks directory of the marks, on tmpfs and ours alone; exists
 * @param logs directory of the log files of those that name none; exists
 * @param cgroups ours, from {@link Cgroups#rootFor}; null for none
 * @param etc where the user database is
 * @param base the small environment that every process gets: PATH, LANG, TZ as they were when the
 *     manager was started
 * @param grace between TERM and KILL
 */
public record Workplace(
    Path marks, Path logs, Path cgroups, Path etc, List<Variable> base, Duration grace) {
  private static final int LONGEST_LOG_NAME = 200;
  private static final Duration GRACE = Duration.ofSeconds(10);

  public Workplace {
    base = List.copyOf(base);
  }

  /**
   * The usual place of a node; makes its cgroup when cgroup v2 is writable.
   *
   * @param own of no other node on this host
   * @param base the small environment
   */
  public static Workplace of(Path marks, Path logs, String own, List<Variable> base) {
    return new Workplace(marks, logs, Cgroups.rootFor(own), Path.of("/etc"), base, GRACE);
  }

  public boolean hasCgroups() {
    return cgroups != null;
  }

  /** The file of the output of an entity that names none; the longest names are cut for it. */
  public Path logFile(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= LONGEST_LOG_NAME) {
      return logs.resolve(name + ".log");
    }
    String start = new String(bytes, 0, LONGEST_LOG_NAME, StandardCharsets.UTF_8);
    // A character may have been cut in two; the hash tells names apart that begin alike.
    return logs.resolve(
        start.replace("\ufffd", "") + "~" + Integer.toHexString(name.hashCode()) + ".log");
  }

  String mark(EffectId id) {
    return marks.resolve(id.toString()).toString();
  }

  /**
   * @param own who the manager is, null if unknown
   */
  Script script(Effect.Go effect, Accounts accounts, Accounts.User own) {
    Accounts.User user = user(effect.spec().user(), accounts);
    String log = effect.spec().logFile();
    return new Script(
        mark(effect.id()),
        effect.spec().argv(),
        environment(user == null ? own : user, effect.environment()),
        effect.spec().directory(),
        log.isEmpty() ? logFile(effect.logName()).toString() : log,
        user);
  }

  private List<Variable> environment(Accounts.User user, List<Variable> own) {
    Map<String, String> all = new LinkedHashMap<>();
    base.forEach(v -> all.put(v.name(), v.value()));
    if (user != null) {
      all.put("HOME", user.home());
      all.put("USER", user.name());
      all.put("LOGNAME", user.name());
      all.put("SHELL", user.shell());
    }
    own.forEach(v -> all.put(v.name(), v.value()));
    List<Variable> variables = new ArrayList<>();
    all.forEach((name, value) -> variables.add(new Variable(name, value)));
    return variables;
  }

  private static Accounts.User user(String wanted, Accounts accounts) {
    if (wanted.isEmpty()) {
      return null;
    }
    try {
      Accounts.User user = accounts.find(wanted);
      if (user == null) {
        throw new StartFailure("there is no user or group '" + wanted + "'");
      }
      return user;
    } catch (IOException e) {
      throw new StartFailure("the user database cannot be read: " + e.getMessage());
    }
  }
}
