package io.hamlet.agent.process;

import io.hamlet.agent.os.Errno;
import io.hamlet.agent.os.Kernel;
import io.hamlet.agent.os.Reactor;
import io.hamlet.core.model.Exit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One gate on its way to become a program: writes the script without blocking, then looks, at the
 * end of the status pipe or at the gate's death, what became of it. Core thread.
 */
final class Start {
  /** Hears once what became of the start. */
  interface Outcome {
    void started();

    void failed(String why);

    /** The mark was not made: nothing has happened. */
    void neverRan();
  }

  /** What a failing script writes into its mark. */
  static final Pattern FAILED_STEP = Pattern.compile("exit (\\d+) (\\w+)");

  /** How long {@code env} may take to become the program, looked at every millisecond. */
  private static final int ENV_LOOKS = 100;

  private static final long LOOK_NANOS = 1_000_000;

  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private final Kernel kernel;
  private final Reactor reactor;
  private final ProcFiles proc;
  private final Gate gate;
  private final Script script;
  private final Outcome outcome;
  private final byte[] bytes;
  private final Tracked.Mourner mourner = (exit, late) -> died(exit);
  private Tracked process;
  private int written;
  private boolean scriptOpen = true;
  private boolean statusOpen = true;
  private boolean awaitsRoom;
  private boolean settled;
  private int looks;

  Start(Kernel kernel, Reactor reactor, ProcFiles proc, Gate gate, Script script, Outcome outcome) {
    this.kernel = kernel;
    this.reactor = reactor;
    this.proc = proc;
    this.gate = gate;
    this.script = script;
    this.outcome = outcome;
    this.bytes = script.bytes();
  }

  /** Writes the script; the gate goes. */
  void go(Tracked tracked) {
    process = tracked;
    tracked.mourners.add(mourner);
    write();
    // Looked for after the write: until then nothing can be read there.
    if (!settled) {
      reactor.add(gate.status(), Kernel.EPOLL_IN, events -> statusEnds());
    }
    if (tracked.exit != null) {
      died(tracked.exit);
    }
  }

  private void write() {
    while (written < bytes.length) {
      int n = kernel.write(gate.script(), bytes, written, bytes.length - written);
      if (n == -Errno.EAGAIN) {
        if (!awaitsRoom) {
          awaitsRoom = true;
          reactor.add(gate.script(), Kernel.EPOLL_OUT, events -> write());
        }
        return;
      }
      if (n < 0) {
        // Nobody reads: the gate is dying, and its death will be told.
        break;
      }
      written += n;
    }
    closeScript();
  }

  private void statusEnds() {
    if (!statusOpen || kernel.read(gate.status(), new byte[1]) == -Errno.EAGAIN) {
      return;
    }
    closeStatus();
    look();
  }

  /** The pipe has ended: the program runs, or the gate is dying and its death will be told. */
  private void look() {
    if (settled || !proc.runs(gate.process().pid())) {
      return;
    }
    if (script.usesEnv() && looks++ < ENV_LOOKS && isStillEnv()) {
      reactor.after(LOOK_NANOS, this::look);
      return;
    }
    settle();
    outcome.started();
  }

  private boolean isStillEnv() {
    String program = proc.program(gate.process().pid());
    return program != null && program.endsWith("/env") && !script.argv().getFirst().endsWith("env");
  }

  private void died(Exit exit) {
    if (settled) {
      return;
    }
    settle();
    String mark = proc.read(script.mark());
    Matcher step = FAILED_STEP.matcher(mark);
    boolean marked = !mark.isEmpty() || proc.exists(script.mark());
    boolean badCode = exit.kind() == Exit.Kind.EXITED && (exit.value() & ~1) == 126;
    if (step.find()) {
      outcome.failed(reason(step.group(2), Integer.parseInt(step.group(1))));
    } else if (!marked && remakesPlace()) {
      outcome.neverRan();
    } else if (!marked && exit.kind() == Exit.Kind.EXITED && written == bytes.length) {
      outcome.failed(
          "the gate ended with "
              + exit.reason()
              + " before it could make its mark "
              + script.mark());
    } else if (!marked) {
      outcome.neverRan();
    } else if (script.user() != null && !mark.contains(Script.USER_REACHED)) {
      outcome.failed("cannot become the user " + script.user().name() + ": " + exit.reason());
    } else if (script.usesEnv() && badCode) {
      outcome.failed(reason("program", exit.value()));
    } else {
      // It became its program, and that has ended already; the watch will tell.
      outcome.started();
    }
  }

  /**
   * True when the directory of the marks was not there, as after a cleaning of shared memory, and
   * is there again: nothing has happened, and can be repeated.
   */
  private boolean remakesPlace() {
    Path marks = Path.of(script.mark()).getParent();
    if (Files.isDirectory(marks)) {
      return false;
    }
    try {
      Files.createDirectories(marks, PRIVATE);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private String reason(String step, int code) {
    return switch (step) {
      case "directory" -> "cannot enter the directory " + script.directory();
      case "log" -> "cannot write to the log file " + script.logFile();
      case "user" -> "cannot become the user " + script.user().name();
      default ->
          script.argv().getFirst()
              + (code == 127 ? " is missing, or its interpreter is" : " cannot be executed")
              + " ("
              + code
              + "); see "
              + script.logFile();
    };
  }

  private void settle() {
    settled = true;
    // It may live for years, and need not keep its script so long.
    process.mourners.remove(mourner);
    closeScript();
    closeStatus();
  }

  private void closeScript() {
    if (scriptOpen) {
      scriptOpen = false;
      close(gate.script(), awaitsRoom);
    }
  }

  private void closeStatus() {
    if (statusOpen) {
      statusOpen = false;
      close(gate.status(), true);
    }
  }

  private void close(int fd, boolean registered) {
    if (registered) {
      reactor.removeAndClose(fd);
    } else {
      kernel.close(fd);
    }
  }
}
