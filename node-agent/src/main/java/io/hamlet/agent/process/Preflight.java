package io.hamlet.agent.process;

import io.hamlet.core.model.ProcessSpec;
import io.hamlet.core.model.ProcessSpec.Limit;
import io.hamlet.core.model.Refused;
import io.hamlet.core.model.Rejection.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/**
 * Looks, before anything is promised, whether a start would fail. It can only find what is wrong
 * now; the start itself reports the rest. Thread-safe; may block.
 */
final class Preflight {
  /** Fewer descriptors than this, and the gate's own shell could not work. */
  private static final long LEAST_FILES = 16;

  private final Accounts accounts;
  private final long ownUid;

  Preflight(Accounts accounts) {
    this.accounts = accounts;
    this.ownUid = uid(Path.of("/proc/self"));
  }

  /** Throws {@link Refused} with CANNOT_START or NOT_PERMITTED. */
  void check(ProcessSpec spec) {
    try {
      Accounts.User user = user(spec.user());
      spec.limits().forEach(Preflight::check);
      directory(spec.directory(), user);
      program(spec.argv().getFirst(), user);
      logFile(spec.logFile());
    } catch (IOException e) {
      throw refused("it cannot be looked at: " + e);
    }
  }

  /** The same of a program alone; cheaper, as there may be thousands of actions. */
  void checkProgram(String path) {
    Path program = Path.of(path);
    if (!Files.isRegularFile(program)) {
      throw refused(
          Files.exists(program) ? path + " is no regular file" : "there is no program " + path);
    }
    if (!Files.isExecutable(program)) {
      throw refused(path + " may not be executed");
    }
  }

  private Accounts.User user(String wanted) throws IOException {
    if (wanted.isEmpty()) {
      return new Accounts.User("", ownUid, -1, "", "", Set.of());
    }
    Accounts.User user = accounts.find(wanted);
    if (user == null) {
      throw refused("there is no user or group '" + wanted + "'");
    }
    if (ownUid != 0) {
      throw new Refused(
          Reason.NOT_PERMITTED,
          "only a manager that runs as root can start a program as '" + wanted + "'");
    }
    if (!Files.isExecutable(Path.of(Script.SETPRIV))) {
      throw refused("starting as another user needs " + Script.SETPRIV + " (util-linux)");
    }
    return user;
  }

  private static void check(Limit limit) {
    if (Limits.number(limit.resource()) < 0) {
      throw refused("no limit '" + limit.resource() + "'; known are " + Limits.known());
    }
    if (limit.value() < Limit.UNLIMITED) {
      throw refused("the limit " + limit.resource() + " is negative");
    }
    if (limit.resource().equals("nofile") && limit.value() < LEAST_FILES) {
      throw refused("the limit nofile must be at least " + LEAST_FILES);
    }
  }

  private void directory(String path, Accounts.User user) throws IOException {
    Path directory = Path.of(path);
    if (!Files.isDirectory(directory)) {
      throw refused("there is no directory " + path);
    }
    for (Path d = directory.toRealPath(); d != null; d = d.getParent()) {
      if (!mayExecute(d, user)) {
        throw refused("the directory " + d + " may not be entered");
      }
    }
  }

  private void program(String path, Accounts.User user) throws IOException {
    Path program = Path.of(path);
    if (!Files.exists(program)) {
      throw refused("there is no program " + path);
    }
    Path real = program.toRealPath();
    if (!Files.isRegularFile(real)) {
      throw refused(path + " is no regular file");
    }
    if (!mayExecute(real, user)) {
      throw refused(path + " may not be executed");
    }
    directory(real.getParent().toString(), user);
  }

  private static void logFile(String path) {
    if (path.isEmpty()) {
      return;
    }
    Path file = Path.of(path);
    Path directory = file.getParent();
    if (Files.isDirectory(file) || directory == null || !Files.isDirectory(directory)) {
      throw refused("the log file " + path + " is not in a directory that exists");
    }
    if (!Files.isWritable(Files.exists(file) ? file : directory)) {
      throw refused("the log file " + path + " cannot be written");
    }
  }

  private boolean mayExecute(Path path, Accounts.User user) throws IOException {
    Map<String, Object> a = Files.readAttributes(path, "unix:mode,uid,gid");
    int mode = (int) a.get("mode");
    if (user.uid() == 0) {
      return Files.isDirectory(path) || (mode & 0111) != 0;
    }
    if (user.groups().isEmpty()) {
      return Files.isExecutable(path);
    }
    if (((Number) a.get("uid")).longValue() == user.uid()) {
      return (mode & 0100) != 0;
    }
    boolean inGroup = user.groups().contains(((Number) a.get("gid")).longValue());
    return (mode & (inGroup ? 0010 : 0001)) != 0;
  }

  private static long uid(Path path) {
    try {
      return ((Number) Files.getAttribute(path, "unix:uid")).longValue();
    } catch (IOException e) {
      throw new IllegalStateException("/proc is not there", e);
    }
  }

  private static Refused refused(String message) {
    return new Refused(Reason.CANNOT_START, message);
  }
}
