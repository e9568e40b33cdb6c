package io.hamlet.agent.watchdog;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A watchdog device that is open. Who closes it in any other way than {@link #disarm} leaves it
 * armed, and the host is reset unless a successor pets it in time. For one thread.
 */
final class Device implements AutoCloseable {
  private static final byte[] PET = {'\n'};

  /** The "magic close" of the kernel's drivers. */
  private static final byte[] MAGIC = "V".getBytes(StandardCharsets.US_ASCII);

  private final FileChannel channel;

  private Device(FileChannel channel) {
    this.channel = channel;
  }

  /** Opens it, which arms it. It must be there. */
  static Device open(Path path) throws IOException {
    return new Device(FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.APPEND));
  }

  void pet() throws IOException {
    channel.write(ByteBuffer.wrap(PET));
  }

  /** It will not fire after this is closed. */
  void disarm() throws IOException {
    channel.write(ByteBuffer.wrap(MAGIC));
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
