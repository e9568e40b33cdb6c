package io.hamlet.agent.guardian;

import io.hamlet.agent.os.Kernel;
import io.hamlet.agent.os.KernelException;
import io.hamlet.agent.os.SpawnRequest;
import io.hamlet.agent.os.SpawnRequest.Given;
import java.util.ArrayList;
import java.util.List;

/**
 * The next Guardian, made by this one beside its guard: a shell that becomes it when it is told, so
 * that a takeover makes no process and shares no processor with a JVM that begins. Of a Guardian
 * that ends first it reads the end of its input, and ends too; one that is stopped just then is
 * hung up by the kernel, because it is of the Guardian's session. For one thread at a time.
 */
public final class Heir {
  /**
   * Once it has a line it begins, whatever becomes of who made it; but a little later, since a JVM
   * that begins would take the processors from those who call just then. A Guardian that is stopped
   * when its HAM dies is to go on, and not to be hung up.
   */
  private static final String SCRIPT =
      "read -r told || exit 0; trap '' HUP; sleep 0.05 2>/dev/null; exec \"$@\" </dev/null";

  private static final byte[] LINE = {'\n'};
  private static final int STANDARD_INPUT = 0;

  private final Kernel kernel;
  private final long pid;
  private final int words;

  private Heir(Kernel kernel, long pid, int words) {
    this.kernel = kernel;
    this.pid = pid;
    this.words = words;
  }

  /**
   * Makes it; blocks for a millisecond. Throws KernelException, and leaves nothing behind then.
   *
   * @param guardian what it becomes; without standard input
   */
  public static Heir make(Kernel kernel, SpawnRequest guardian) {
    long pipe = KernelException.check(kernel.pipe(), "pipe");
    int theirs = (int) (pipe >> 32);
    int ours = (int) pipe;
    List<String> argv = new ArrayList<>(List.of("sh", "-c", SCRIPT, "sh", guardian.program()));
    argv.addAll(guardian.argv().subList(1, guardian.argv().size()));
    List<Given> given = new ArrayList<>(guardian.descriptors());
    given.add(new Given(theirs, STANDARD_INPUT));
    long pid =
        kernel.spawn(new SpawnRequest("/bin/sh", argv, guardian.environment(), given, false));
    kernel.close(theirs);
    if (pid < 0) {
      kernel.close(ours);
      throw new KernelException("starting /bin/sh", pid);
    }
    return new Heir(kernel, pid, ours);
  }

  long pid() {
    return pid;
  }

  /**
   * It becomes a Guardian, soon. Once.
   *
   * @return its pid; an error number when it is there no more
   */
  public long begin() {
    int written = kernel.write(words, LINE, 0, LINE.length);
    close();
    // Somebody may have stopped it. Our child, so the pid is nobody else's.
    kernel.kill(pid, Kernel.SIGCONT);
    return written < 0 ? written : pid;
  }

  /** Whether those are the words of one that was not told yet. */
  static boolean isOne(String commandLine) {
    return commandLine.startsWith("sh\0-c\0" + SCRIPT + "\0");
  }

  /** It ends, as it does with this process; unless it was told to begin. */
  void close() {
    kernel.close(words);
  }
}
