package io.hamlet.agent.basic;

import io.hamlet.agent.basic.conf.Check;
import io.hamlet.agent.basic.conf.Scope;
import io.hamlet.agent.basic.core.Deed;
import io.hamlet.agent.os.Kernel;
import io.hamlet.agent.script.Raw;
import io.hamlet.agent.script.run.GroupRun;
import io.hamlet.agent.script.run.Leftovers;
import io.hamlet.agent.script.run.Tools;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** Runs checks in their scopes. Thread-safe; a run blocks its thread. */
final class CheckRunner {
  private static final Duration KILL_AFTER = Duration.ofSeconds(2);

  private final Home home;
  private final GroupRun runs;
  private final Kernel kernel;
  private final AtomicLong last = new AtomicLong();

  CheckRunner(Home home, GroupRun runs, Kernel kernel) {
    this.home = home;
    this.kernel = kernel;
    this.runs = runs;
  }

  GroupRun.Result run(Deed.RunCheck deed) throws InterruptedException {
    Check check = deed.check();
    Map<String, String> told = told(deed);
    List<String> argv =
        switch (check.scope()) {
          case Scope.Local local -> local(check);
          case Scope.Node here -> local(check);
          case Scope.Ssh ssh -> ssh(ssh, check, told, deed.address());
        };
    if (!(check.scope() instanceof Scope.Ssh)) {
      String problem = new Script(home.checks()).problemWith(check.name());
      if (!problem.isEmpty()) {
        return new GroupRun.Result(Raw.notStarted(problem), "");
      }
    }
    Map<String, String> environment = base();
    environment.putAll(told);
    String number = ProcessHandle.current().pid() + "-" + last.incrementAndGet();
    // The end mark keeps run 1 from being taken for the beginning of run 10.
    environment.put(GroupRun.MARK, mark() + number + ";");
    if (check.scope() instanceof Scope.Ssh && System.getenv("SSH_AUTH_SOCK") != null) {
      environment.put("SSH_AUTH_SOCK", System.getenv("SSH_AUTH_SOCK"));
    }
    return runs.capture(
        new GroupRun.Job(
            argv, environment, home.directory(), check.options().timeout(), KILL_AFTER));
  }

  /** Ends whatever checks of this home left behind, also those of a daemon that was killed. */
  void endLeftovers() {
    Leftovers.end(kernel, GroupRun.MARK + "=" + mark());
  }

  private String mark() {
    return Integer.toHexString(home.directory().hashCode()) + "-";
  }

  /** What every script gets. */
  static Map<String, String> base() {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("PATH", GroupRun.PATH);
    environment.put("LC_ALL", "C.UTF-8");
    return environment;
  }

  private static Map<String, String> told(Deed.RunCheck deed) {
    Map<String, String> told = new LinkedHashMap<>(deed.check().options().environment());
    told.put("HAM_CHECK", deed.check().name());
    told.put("HAM_SCOPE", deed.check().scope().name());
    told.put("HAM_HOST", deed.check().host());
    told.put("HAM_ADDRESS", deed.address());
    told.put("HAM_LAST_STATE", deed.lastState());
    told.put("HAM_ATTEMPT", String.valueOf(deed.attempt()));
    return told;
  }

  private List<String> local(Check check) {
    List<String> argv = new ArrayList<>();
    argv.add(home.checks().resolve(check.name()).toString());
    argv.addAll(check.arguments());
    return argv;
  }

  /**
   * The shell of the other side gets one line in which all words are quoted. There the check lies
   * where it lies here, and ends by itself should the connection be lost.
   */
  private List<String> ssh(Scope.Ssh scope, Check check, Map<String, String> told, String address) {
    List<String> argv = new ArrayList<>(List.of(Tools.find("ssh"), "-n", "-T", "-x", "-a"));
    if (Files.isReadable(home.sshConfig())) {
      argv.addAll(List.of("-F", home.sshConfig().toString()));
    }
    long seconds = Math.max(1, check.options().timeout().toSeconds());
    argv.addAll(List.of("-o", "BatchMode=yes", "-o", "ConnectTimeout=" + seconds));
    if (scope.port() != 0) {
      argv.addAll(List.of("-p", String.valueOf(scope.port())));
    }
    if (!scope.user().isEmpty()) {
      argv.addAll(List.of("-l", scope.user()));
    }
    boolean hasAddress = check.host().equals(scope.host()) && !address.isEmpty();
    argv.addAll(List.of("--", hasAddress ? address : scope.host()));
    List<String> remote = new ArrayList<>(List.of("exec", "timeout", "-k", "2", seconds + 1 + ""));
    remote.addAll(List.of("env", "-i"));
    Map<String, String> environment = base();
    environment.putAll(told);
    environment.forEach((name, value) -> remote.add(quoted(name + "=" + value)));
    local(check).forEach(word -> remote.add(quoted(word)));
    argv.add(String.join(" ", remote));
    return argv;
  }

  /** One word to any shell, whatever is in it. */
  static String quoted(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }
}
