package io.hamlet.agent.process;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.hamlet.agent.os.Kernel;
import io.hamlet.agent.os.KernelException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/** A file whose opening hangs, as on a disk that answers no more: fcntl(2), Leases. */
final class Lease implements AutoCloseable {
  private static final int SETSIG = 10;
  private static final int SETLEASE = 1024;
  private static final int WRITE_LEASE = 1;

  /** Told when somebody waits, and by default nothing happens; SIGIO would end us. */
  private static final int SIGURG = 23;

  private final Kernel kernel;
  private final int file;

  private Lease(Kernel kernel, int file) {
    this.kernel = kernel;
    this.file = file;
  }

  /** Null where files of this kind have none. */
  static Lease take(Kernel kernel, Path path) {
    int file = (int) KernelException.check(kernel.open(path.toString(), Kernel.O_RDWR), "open");
    boolean taken = fcntl(file, SETSIG, SIGURG) == 0 && fcntl(file, SETLEASE, WRITE_LEASE) == 0;
    Lease lease = new Lease(kernel, file);
    if (!taken) {
      lease.close();
    }
    return taken ? lease : null;
  }

  private static int fcntl(int file, int command, int argument) {
    Linker linker = Linker.nativeLinker();
    MethodHandle call =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("fcntl"),
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT),
            Linker.Option.firstVariadicArg(2));
    try {
      return (int) call.invokeExact(file, command, argument);
    } catch (Throwable t) {
      throw new IllegalStateException(t);
    }
  }

  /** Whoever waits goes on. */
  @Override
  public void close() {
    kernel.close(file);
  }
}
