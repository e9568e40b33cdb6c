package io.hamlet.core.sam;

import java.util.Arrays;

/** Bytes that a program keeps over its instances (sam.md 2.6). Immutable. */
public final class Blob {
  /** The largest that is taken (sam.md 4.4). */
  public static final int MOST_BYTES = 1 << 20;

  /** Nothing is stored; to store nothing is the same. */
  public static final Blob NONE = new Blob(new byte[0]);

  private final byte[] bytes;

  private Blob(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A copy of these; none when there are none. */
  public static Blob of(byte[] bytes) {
    return bytes.length == 0 ? NONE : new Blob(bytes.clone());
  }

  public int size() {
    return bytes.length;
  }

  /** A copy. */
  public byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Blob blob && Arrays.equals(bytes, blob.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return bytes.length + " bytes";
  }
}
