package io.hamlet.agent.leash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hamlet.agent.os.Kernel;
import io.hamlet.agent.os.SpawnRequest;
import io.hamlet.agent.os.SpawnRequest.Given;
import io.hamlet.agent.process.ProcFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * A file system in user space that says hello and then answers nothing. Who has asked it something
 * that was read cannot be killed until it is gone.
 */
final class DeafDisk implements AutoCloseable {
  private static final int INIT = 26;
  private static final int HEADER = 16;
  private static final int ANSWER = 64;

  private final Kernel kernel;
  private final Path directory;
  private int device;

  private DeafDisk(Kernel kernel, Path directory, int device) {
    this.kernel = kernel;
    this.directory = directory;
    this.device = device;
  }

  /** Skips the test where that cannot be. */
  static DeafDisk mount(Kernel kernel, Path directory) throws IOException {
    Files.createDirectory(directory);
    long device = kernel.open("/dev/fuse", Kernel.O_RDWR);
    Assumptions.assumeTrue(device >= 0, "there is no FUSE here");
    DeafDisk disk = new DeafDisk(kernel, directory, (int) device);
    try {
      String options = "fd=9,rootmode=40000,user_id=0,group_id=0";
      disk.run(
          List.of("mount", "-i", "-t", "fuse", "-o", options, "deaf", directory.toString()),
          List.of(new Given((int) device, 9)));
      boolean mounted = Files.readString(Path.of("/proc/mounts")).contains("deaf " + directory);
      Assumptions.assumeTrue(mounted, "a FUSE file system cannot be mounted here");
      disk.sayHello();
    } catch (RuntimeException | Error e) {
      disk.vanish();
      throw e;
    }
    return disk;
  }

  private void run(List<String> argv, List<Given> given) {
    long pid = kernel.spawn(new SpawnRequest("/bin/" + argv.getFirst(), argv, List.of(), given));
    assertThat(pid).isPositive();
    await().atMost(Yard.PATIENCE).until(() -> new ProcFiles(kernel).stat(pid).isDead());
    kernel.reap(pid);
  }

  /** A request is (length, opcode, unique, ...), the answer (length, error, unique) and a body. */
  private void sayHello() {
    ByteBuffer in = request();
    assertThat(in.getInt(4)).isEqualTo(INIT);
    ByteBuffer out = ByteBuffer.allocate(HEADER + ANSWER).order(ByteOrder.nativeOrder());
    out.putInt(HEADER + ANSWER).putInt(0).putLong(in.getLong(8));
    out.putInt(in.getInt(40)).putInt(in.getInt(44));
    out.putInt(HEADER + 20, 4096);
    assertThat(kernel.write(device, out.array(), 0, out.capacity())).isEqualTo(out.capacity());
  }

  private ByteBuffer request() {
    byte[] bytes = new byte[8192];
    await().atMost(Yard.PATIENCE).until(() -> kernel.isReadable(device));
    assertThat(kernel.read(device, bytes)).isPositive();
    return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
  }

  Path file() {
    return directory.resolve("file");
  }

  /** Until somebody has asked for something, and waits. */
  void awaitCall() {
    assertThat(request().getInt(4)).isNotEqualTo(INIT);
  }

  @Override
  public void close() {
    vanish();
  }

  /** Whoever waits is told that the disk is gone. */
  void vanish() {
    if (device >= 0) {
      kernel.close(device);
      device = -1;
      run(List.of("umount", "-i", "-l", directory.toString()), List.of());
    }
  }
}
