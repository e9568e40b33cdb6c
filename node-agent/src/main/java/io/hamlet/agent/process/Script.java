package io.hamlet.agent.process;

import io.hamlet.core.model.ProcessSpec.Variable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/**
 * What a gate is told. One brace group, so that a script that was cut is a syntax error and runs
 * nothing (red-team.md H4). Its first deed is the mark: from then on it ran. Each step that may
 * fail says so in the mark, by the exit trap; bash needs {@code execfail} to get there after a
 * failed {@code exec}. {@code { exec ...; } 3>&- 4>&-} makes the shell keep both on close-on-exec
 * descriptors, so that the status pipe ends exactly when the program has begun, and the program
 * inherits neither.
 *
 * @param mark path of the mark
 * @param argv the program, an absolute path, and its arguments
 * @param environment all of it; of a name that comes twice the last counts
 * @param logFile gets the output, appended
 * @param user null: as the manager
 */
record Script(
    String mark,
    List<String> argv,
    List<Variable> environment,
    String directory,
    String logFile,
    Accounts.User user) {
  /** The gate's descriptor of its status pipe. */
  static final int STATUS_FD = 3;

  /** What the second shell, the one that is the user already, writes into the mark. */
  static final String USER_REACHED = "user";

  static final String SETPRIV = "/usr/bin/setpriv";
  static final String ENV = "/usr/bin/env";

  private static final String LAST = "{ exec \"$@\"; } 3>&- 4>&-\nexit $?\n";
  private static final String BASH = "[ -n \"$BASH_VERSION\" ] && shopt -s execfail\n";

  /** Names that mean something to a shell itself: it would change them, or its own ways. */
  private static final Set<String> SHELLS_OWN =
      Set.of(
          "_",
          "PWD",
          "OLDPWD",
          "SHLVL",
          "IFS",
          "ENV",
          "OPTIND",
          "OPTARG",
          "OPTERR",
          "PPID",
          "UID",
          "EUID",
          "GROUPS",
          "LINENO",
          "RANDOM",
          "SRANDOM",
          "SECONDS",
          "EPOCHSECONDS",
          "EPOCHREALTIME",
          "HISTCMD",
          "DIRSTACK",
          "FUNCNAME",
          "PIPESTATUS",
          "SHELLOPTS",
          "POSIXLY_CORRECT",
          "HISTFILE",
          "CDPATH");

  Script {
    boolean odd = environment.stream().anyMatch(v -> !isPlain(v.name()));
    if (odd && argv.getFirst().indexOf('=') >= 0) {
      // env would take the program for one more variable, and run its first argument.
      throw new StartFailure(
          "a program whose path has a '=' cannot be given variables such as "
              + environment.stream().filter(v -> !isPlain(v.name())).findFirst().get().name());
    }
  }

  byte[] bytes() {
    StringBuilder s = new StringBuilder(1024);
    s.append("{ set -C\n{ :; } >").append(quoted(mark)).append(" || exit 120\n");
    s.append("set +C\nexec 4>>").append(quoted(mark)).append('\n').append(BASH);
    step(s, "directory").append("umask 022\ncd ").append(quoted(directory));
    s.append(" || exit 121\n");
    step(s, "log").append("exec >>").append(quoted(logFile)).append(" 2>&1\n");
    step(s, "program").append("unset PWD OLDPWD SHLVL _\n");
    for (Variable v : environment) {
      if (isPlain(v.name())) {
        s.append("export ").append(v.name()).append('=').append(quoted(v.value())).append('\n');
      }
    }
    if (user == null) {
      s.append("set --");
      program(s).append('\n').append("exec </dev/null\n").append(LAST);
    } else {
      step(s, "user").append("exec ").append(SETPRIV);
      s.append(" --reuid=").append(user.uid()).append(" --regid=").append(user.gid());
      s.append(" --init-groups -- ").append(GateMaker.shell()).append(" -c ");
      s.append(quoted(asUser())).append(" sh");
      program(s).append(" </dev/null\nexit $?\n");
    }
    return s.append("}\n").toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String asUser() {
    return "echo "
        + USER_REACHED
        + " >&4\n"
        + step(new StringBuilder(BASH), "program")
        + "unset PWD OLDPWD SHLVL _\n"
        + LAST;
  }

  private static StringBuilder step(StringBuilder s, String name) {
    return s.append("trap 'echo \"exit $? ").append(name).append("\" >&4' EXIT\n");
  }

  private StringBuilder program(StringBuilder s) {
    if (usesEnv()) {
      s.append(' ').append(ENV).append(" --");
      for (Variable v : environment) {
        if (!isPlain(v.name())) {
          s.append(' ').append(quoted(v.name() + "=" + v.value()));
        }
      }
    }
    for (String word : argv) {
      s.append(' ').append(quoted(word));
    }
    return s;
  }

  /** True if {@code env} comes between the shell and the program. */
  boolean usesEnv() {
    return environment.stream().anyMatch(v -> !isPlain(v.name()));
  }

  /** Without a pattern: it is asked several times for each variable of each start. */
  private static boolean isPlain(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean letter = c == '_' || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
      if (!letter && (i == 0 || c < '0' || c > '9')) {
        return false;
      }
    }
    return !name.isEmpty()
        && !SHELLS_OWN.contains(name)
        && !name.startsWith("BASH")
        && !name.startsWith("COMP_");
  }

  /** One word to any shell, whatever is in it. */
  static String quoted(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }
}
