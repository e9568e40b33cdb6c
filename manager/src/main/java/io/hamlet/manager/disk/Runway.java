package io.hamlet.manager.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * A file that grows and is forced often, with zeros ahead of what was written: to force what is
 * written over them changes nothing but data, and does not wait for the journal of the file system,
 * which all files share. Whoever reads it takes zeros for the end. Confined to one thread at a
 * time.
 */
public final class Runway {
  /** Zeros ahead, when there are any. */
  public static final int BYTES = 256 * 1024;

  private final FileChannel file;
  private long room;

  /**
   * @param file open for writing; closed with this
   */
  public Runway(FileChannel file) throws IOException {
    this.file = file;
    this.room = file.size();
  }

  /** Writes all of it, from that byte of the file on; not forced. */
  public void write(ByteBuffer bytes, long at) throws IOException {
    long end = at + bytes.remaining();
    Durable.write(file, bytes, at);
    if (end > room) {
      room = end;
      extend();
    }
  }

  /** A disk without room for zeros may have room for what is next. */
  private void extend() {
    try {
      Durable.write(file, ByteBuffer.allocate(BYTES), room);
      room += BYTES;
    } catch (IOException e) {
      // What was written is there all the same; the next write finds out what is wrong.
      return;
    }
  }

  /**
   * What was written survives a power cut.
   *
   * @param all also what is known of the file, such as when it was changed
   */
  public void force(boolean all) throws IOException {
    file.force(all);
  }

  /** Takes the zeros behind that byte away, and closes it. */
  public void close(long end) throws IOException {
    try (file) {
      file.truncate(end);
    }
  }
}
