package io.hamlet.it.live;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A file system in user space that says hello and then answers nothing: who has opened a file there
 * and is killed waits in the kernel, state D, until it is gone. Not thread-safe.
 */
final class DeafDisk implements AutoCloseable {
  /** A request is (length, opcode, unique, ...), an answer (length, error, unique) and a body. */
  private static final String SERVER =
      """
      import ctypes, os, struct, sys
      device = os.open('/dev/fuse', os.O_RDWR)
      libc = ctypes.CDLL(None, use_errno=True)
      options = 'fd=%d,rootmode=40000,user_id=0,group_id=0' % device
      if libc.mount(b'deaf', sys.argv[1].encode(), b'fuse', 0, options.encode()) != 0:
          sys.exit(os.strerror(ctypes.get_errno()))
      hello = os.read(device, 8192)
      answer = bytearray(80)
      struct.pack_into('<IiQ', answer, 0, 80, 0, struct.unpack_from('<Q', hello, 8)[0])
      answer[16:24] = hello[40:48]
      struct.pack_into('<I', answer, 36, 4096)
      os.write(device, answer)
      print('mounted', flush=True)
      while os.read(device, 8192):
          print('asked', flush=True)
      """;

  private final Path directory;
  private final Process server;
  private final BufferedReader told;
  private boolean gone;

  private DeafDisk(Path directory, Process server) {
    this.directory = directory;
    this.server = server;
    this.told = server.inputReader();
  }

  /** Skips the test where that cannot be. */
  static DeafDisk mount(Path directory) throws IOException {
    Needs.root();
    Needs.that("fuse", "/dev/fuse", Files.exists(Path.of("/dev/fuse")));
    Path python = Needs.program("python3");
    Files.createDirectories(directory);
    ProcessBuilder command =
        new ProcessBuilder(python.toString(), "-c", SERVER, directory.toString());
    DeafDisk disk = new DeafDisk(directory, command.redirectErrorStream(true).start());
    disk.await("mounted");
    return disk;
  }

  Path file() {
    return directory.resolve("file");
  }

  /** Who serves it; without that it is gone. */
  long server() {
    return server.pid();
  }

  /** Until somebody has asked for something, and waits. */
  void awaitCall() throws IOException {
    await("asked");
  }

  private void await(String word) throws IOException {
    String line = told.readLine();
    if (!word.equals(line)) {
      vanish();
      throw new IllegalStateException("not " + word + ": " + line);
    }
  }

  @Override
  public void close() throws IOException {
    vanish();
  }

  /** Whoever waits is told that the disk is gone. */
  void vanish() throws IOException {
    if (gone) {
      return;
    }
    gone = true;
    server.destroyForcibly();
    try {
      Process umount = new ProcessBuilder("umount", "-l", directory.toString()).start();
      umount.waitFor(30, TimeUnit.SECONDS);
      server.waitFor(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
