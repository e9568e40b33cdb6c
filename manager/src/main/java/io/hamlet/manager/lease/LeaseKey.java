package io.hamlet.manager.lease;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What the datagrams of one cluster are authenticated with: HMAC-SHA256 under a key that follows
 * from the cluster's key and name. Without a cluster key, on loopback, it follows from the name
 * alone: that keeps clusters apart, and nobody out.
 */
public final class LeaseKey {
  static final int MAC_BYTES = 32;
  private static final String ALGORITHM = "HmacSHA256";
  private static final String PURPOSE = "hamlet lease datagrams of ";

  /** Says it in words, because HMAC takes a key of zeros for none. */
  private static final String WITHOUT_KEY = "hamlet lease datagrams without a key of ";

  private final SecretKeySpec key;

  private LeaseKey(SecretKeySpec key) {
    this.key = key;
  }

  /**
   * @param clusterKey the bytes of the key file; empty: none, on loopback only
   */
  public static LeaseKey of(byte[] clusterKey, String cluster) {
    byte[] secret = clusterKey.length == 0 ? new byte[1] : clusterKey;
    String words = clusterKey.length == 0 ? WITHOUT_KEY : PURPOSE;
    byte[] purpose = (words + cluster).getBytes(StandardCharsets.UTF_8);
    Mac mac = mac(new SecretKeySpec(secret, ALGORITHM));
    return new LeaseKey(new SecretKeySpec(mac.doFinal(purpose), ALGORITHM));
  }

  /** For one thread. */
  Mac mac() {
    return mac(key);
  }

  private static Mac mac(SecretKeySpec key) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no " + ALGORITHM, e);
    }
  }
}
