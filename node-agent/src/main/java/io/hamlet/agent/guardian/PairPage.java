package io.hamlet.agent.guardian;

import io.hamlet.agent.os.Kernel;
import io.hamlet.agent.os.KernelException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A page on tmpfs that both of the pair map: a beat counter for each. A beat is one store. The dead
 * never write again, so the next HAM and the next Guardian use the same words. Thread-safe.
 */
public final class PairPage implements AutoCloseable {
  private static final int BYTES = 4096;
  private static final long HAM = 0;

  /** In another cache line. */
  private static final long GUARDIAN = 128;

  private static final long LEASH = 256;
  private static final long LIFE = 384;

  private static final VarHandle WORD = ValueLayout.JAVA_LONG.varHandle();

  private final Arena arena = Arena.ofShared();
  private final MemorySegment page;

  private final Kernel kernel;
  private final int descriptor;

  private PairPage(Kernel kernel, int descriptor, FileChannel channel) throws IOException {
    this.kernel = kernel;
    this.descriptor = descriptor;
    page = channel.map(FileChannel.MapMode.READ_WRITE, 0, BYTES, arena);
  }

  /** Maps the file, made if need be. */
  public static PairPage open(Kernel kernel, Path file) throws IOException {
    if (!Files.exists(file)) {
      Files.createFile(file);
    }
    String name = file.toString();
    int descriptor = (int) KernelException.check(kernel.open(name, Kernel.O_RDWR), name);
    try (FileChannel channel =
        FileChannel.open(at(descriptor), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      // Written, not left sparse: a full tmpfs is an error here instead of a SIGBUS later.
      if (channel.size() < BYTES) {
        channel.write(ByteBuffer.allocate(BYTES), 0);
      }
      return new PairPage(kernel, descriptor, channel);
    }
  }

  /** Where a process finds the file of a descriptor that it has, also when its name is gone. */
  public static Path at(int descriptor) {
    return Path.of("/proc/self/fd/" + descriptor);
  }

  /** What the other of the pair gets: by its name it might find another file. */
  public int descriptor() {
    return descriptor;
  }

  long ham() {
    return get(HAM);
  }

  /** 0: it does not stand guard yet. */
  long guardian() {
    return get(GUARDIAN);
  }

  void beatHam() {
    set(HAM, ham() + 1);
  }

  void beatGuardian() {
    set(GUARDIAN, guardian() + 1);
  }

  /** There is no Guardian, or one that has not come to stand guard. */
  void clearGuardian() {
    set(GUARDIAN, 0);
  }

  /** Generation of the leash that is on record; 0: none. */
  public long leash() {
    return get(LEASH);
  }

  /** There is another one, and its record is written. */
  public void setLeash(long generation) {
    set(LEASH, generation);
  }

  /** Where the word lies that the HAM holds for life. */
  long life() {
    return page.address() + LIFE;
  }

  private long get(long at) {
    return (long) WORD.getAcquire(page, at);
  }

  private void set(long at, long value) {
    WORD.setRelease(page, at, value);
  }

  @Override
  public void close() {
    arena.close();
    kernel.close(descriptor);
  }
}
