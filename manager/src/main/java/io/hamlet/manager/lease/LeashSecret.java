package io.hamlet.manager.lease;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What one generation of a leash proves with (architecture.md 3). Its hash is committed before the
 * generation covers any start; whoever then says what was hashed is the leash. It is a chain of
 * two, because there are two things to say, and who hears the lesser cannot make the greater of it.
 *
 * <pre>
 * all      drawn:            nothing at all is left of what the node ran under grants
 * stopped  SHA-256(all):     nothing is left but what may be kept without quorum
 * hash     SHA-256(stopped): for everybody to know
 * </pre>
 *
 * Immutable.
 */
public final class LeashSecret {
  /** Of each of the three. */
  public static final int BYTES = 32;

  private static final HexFormat HEX = HexFormat.of();

  private final byte[] all;

  private LeashSecret(byte[] all) {
    this.all = all;
  }

  /** What a word of the leash proves to have ended. */
  public enum Scope {
    /** All that ran under a grant. */
    ALL,
    /** All of it, but perhaps not what may be kept without quorum. */
    STOPPED
  }

  /** A new one. */
  public static LeashSecret draw(SecureRandom random) {
    byte[] all = new byte[BYTES];
    random.nextBytes(all);
    return new LeashSecret(all);
  }

  /** In hexadecimal, as it is told to the leash and to nobody else. */
  public String all() {
    return HEX.formatHex(all);
  }

  /** Likewise. */
  public String stopped() {
    return HEX.formatHex(sha256(all));
  }

  /** In hexadecimal: what is committed. */
  public String hash() {
    return HEX.formatHex(sha256(sha256(all)));
  }

  /** What the word proves, given the hash that was committed; empty: nothing. */
  static Optional<Scope> proven(byte[] word, String hash) {
    byte[] once = sha256(word);
    if (HEX.formatHex(once).equals(hash)) {
      return Optional.of(Scope.STOPPED);
    }
    boolean all = HEX.formatHex(sha256(once)).equals(hash);
    return all ? Optional.of(Scope.ALL) : Optional.empty();
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no SHA-256", e);
    }
  }
}
