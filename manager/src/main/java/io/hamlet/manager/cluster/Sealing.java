package io.hamlet.manager.cluster;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * AES-256-GCM with a key of its own for each sender, made by HKDF-SHA-256 from the shared secret
 * and a salt that the sender draws once; a number that only rises is the nonce. Thread-safe.
 *
 * <p>Sealed bytes are: version, 16 bytes of salt, 8 of number, ciphertext with tag. A receiver
 * takes each number of a sender once.
 */
final class Sealing {
  private static final byte VERSION = 1;
  private static final int SALT = 16;
  private static final int HEAD = 1 + SALT + Long.BYTES;
  private static final int TAG_BITS = 128;
  private static final int NONCE = 12;
  private static final int KEY = 32;
  private static final byte[] PURPOSE = "hamlet bus 1".getBytes(StandardCharsets.US_ASCII);

  /** So many senders are remembered; each start of a process is one. */
  private static final int MOST_SENDERS = 512;

  private record Sender(SecretKey key, Numbers seen) {}

  private final byte[] secret;
  private final byte[] salt = new byte[SALT];
  private final SecretKey own;
  private final AtomicLong number = new AtomicLong();
  private final Map<ByteBuffer, Sender> senders =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Sender> eldest) {
          return size() > MOST_SENDERS;
        }
      };

  Sealing(byte[] secret) {
    this.secret = secret.clone();
    new SecureRandom().nextBytes(salt);
    try {
      this.own = key(salt);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no HKDF or no AES-GCM", e);
    }
  }

  byte[] seal(ByteBuffer plain) throws GeneralSecurityException {
    long mine = number.incrementAndGet();
    ByteBuffer out = ByteBuffer.allocate(HEAD + plain.remaining() + TAG_BITS / 8);
    out.put(VERSION).put(salt).putLong(mine);
    Cipher cipher = cipher(Cipher.ENCRYPT_MODE, own, mine);
    cipher.updateAAD(out.array(), 0, HEAD);
    cipher.doFinal(plain, out);
    return out.array();
  }

  /**
   * Null for what was opened before. Throws GeneralSecurityException for what nobody with our key
   * has sealed.
   */
  byte[] open(ByteBuffer sealed) throws GeneralSecurityException {
    if (sealed.remaining() < HEAD + TAG_BITS / 8 || sealed.get(sealed.position()) != VERSION) {
      throw new AEADBadTagException("not sealed");
    }
    byte[] head = new byte[HEAD];
    sealed.get(head);
    ByteBuffer theirs = ByteBuffer.wrap(Arrays.copyOfRange(head, 1, 1 + SALT));
    long count = ByteBuffer.wrap(head).getLong(1 + SALT);
    Sender sender = sender(theirs);
    Cipher cipher = cipher(Cipher.DECRYPT_MODE, sender.key, count);
    cipher.updateAAD(head);
    byte[] plain = new byte[cipher.getOutputSize(sealed.remaining())];
    int length = cipher.doFinal(sealed, ByteBuffer.wrap(plain));
    // Only who has the key gets into the table.
    synchronized (senders) {
      senders.putIfAbsent(theirs, sender);
      if (!senders.get(theirs).seen.add(count)) {
        return null;
      }
    }
    return length == plain.length ? plain : Arrays.copyOf(plain, length);
  }

  private Sender sender(ByteBuffer theirs) throws GeneralSecurityException {
    synchronized (senders) {
      Sender known = senders.get(theirs);
      if (known != null) {
        return known;
      }
    }
    return new Sender(key(theirs.array()), new Numbers());
  }

  private SecretKey key(byte[] of) throws GeneralSecurityException {
    HKDFParameterSpec how =
        HKDFParameterSpec.ofExtract().addIKM(secret).addSalt(of).thenExpand(PURPOSE, KEY);
    return KDF.getInstance("HKDF-SHA256").deriveKey("AES", how);
  }

  private static Cipher cipher(int mode, SecretKey key, long count)
      throws GeneralSecurityException {
    byte[] nonce = ByteBuffer.allocate(NONCE).putLong(NONCE - Long.BYTES, count).array();
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    return cipher;
  }
}
