package io.hamlet.agent.os.ffm;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Collections;
import java.util.Locale;

/**
 * The two doors into the C library: {@code syscall(2)}, whose one handle serves nearly every call
 * (each further handle costs milliseconds at start), and named functions. Addresses are passed as
 * numbers; who passes one keeps its segment alive.
 */
final class Abi {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final MemoryLayout CALL_STATE = Linker.Option.captureStateLayout();
  private static final long ERRNO =
      CALL_STATE.byteOffset(MemoryLayout.PathElement.groupElement("errno"));
  private static final MethodHandle SYSCALL =
      LINKER.downcallHandle(
          symbol("syscall"),
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
              JAVA_LONG),
          Linker.Option.captureCallState("errno"),
          Linker.Option.firstVariadicArg(1));
  private static final MethodHandle CLOCK = function("clock_gettime", 2);

  /** True on x86-64, false on aarch64; nothing else is supported. */
  static final boolean X86 = isX86(System.getProperty("os.arch"));

  private Abi() {}

  /** Scratch of one thread, so that calls need neither allocation nor locks. */
  static final class Scratch {
    static final int BYTES = 8192;
    final MemorySegment state = Arena.ofAuto().allocate(CALL_STATE);
    final MemorySegment bytes = Arena.ofAuto().allocate(BYTES, 16);
    final long address = bytes.address();
  }

  private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

  static Scratch scratch() {
    return SCRATCH.get();
  }

  /** The result, or the negative error number. */
  static long call(Scratch s, Syscall nr, long a, long b, long c, long d, long e, long f) {
    try {
      long result = (long) SYSCALL.invokeExact(s.state, nr.number, a, b, c, d, e, f);
      return result == -1 ? -(long) s.state.get(ValueLayout.JAVA_INT, ERRNO) : result;
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  static long call(Scratch s, Syscall nr, long a, long b, long c, long d) {
    return call(s, nr, a, b, c, d, 0, 0);
  }

  static long call(Scratch s, Syscall nr, long a, long b) {
    return call(s, nr, a, b, 0, 0, 0, 0);
  }

  static long call(Scratch s, Syscall nr, long a) {
    return call(s, nr, a, 0, 0, 0, 0, 0);
  }

  /** Nanoseconds of a clock; by the library, which needs no system call for it. */
  static long clock(int id) {
    MemorySegment time = scratch().bytes;
    try {
      int result = (int) CLOCK.invokeExact((long) id, time.address());
      if (result != 0) {
        throw new IllegalStateException("clock " + id + " cannot be read");
      }
    } catch (Throwable t) {
      throw unexpected(t);
    }
    return time.get(JAVA_LONG, 0) * 1_000_000_000L + time.get(JAVA_LONG, 8);
  }

  /** A function of so many pointers or integers that returns an int. */
  static MethodHandle function(String name, int arguments) {
    MemoryLayout[] longs = Collections.nCopies(arguments, JAVA_LONG).toArray(MemoryLayout[]::new);
    return LINKER.downcallHandle(symbol(name), FunctionDescriptor.of(JAVA_INT, longs));
  }

  static RuntimeException unexpected(Throwable t) {
    return t instanceof RuntimeException e ? e : new IllegalStateException("a native call", t);
  }

  private static MemorySegment symbol(String name) {
    return LINKER
        .defaultLookup()
        .find(name)
        .orElseThrow(() -> new UnsupportedOperationException("the C library has no " + name));
  }

  private static boolean isX86(String arch) {
    return switch (arch.toLowerCase(Locale.ROOT)) {
      case "amd64", "x86_64" -> true;
      case "aarch64" -> false;
      default ->
          throw new UnsupportedOperationException(
              "Hamlet runs on x86-64 and aarch64, not on " + arch);
    };
  }
}
