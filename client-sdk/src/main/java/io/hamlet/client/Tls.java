package io.hamlet.client;

import java.nio.file.Path;
import java.util.Map;

/**
 * Who a client is to managers that it calls over TCP, and whom it believes. All PEM; read again
 * when they change. Immutable.
 *
 * @param cert its certificate, whose role says what it may do; those between it and the authority
 *     follow
 * @param key its private key, PKCS #8 without password
 * @param ca the authority that signed the certificates of the managers
 */
public record Tls(Path cert, Path key, Path ca) {
  private static final String CERT = "HAM_TLS_CERT";
  private static final String KEY = "HAM_TLS_KEY";
  private static final String CA = "HAM_TLS_CA";

  public Tls {
    if (cert == null || key == null || ca == null) {
      throw new IllegalArgumentException("TLS needs all three: certificate, key and authority");
    }
  }

  /**
   * From HAM_TLS_CERT, HAM_TLS_KEY and HAM_TLS_CA; null when none is set. Throws
   * IllegalArgumentException when only some are.
   */
  public static Tls of(Map<String, String> environment) {
    return of(environment.get(CERT), environment.get(KEY), environment.get(CA));
  }

  /** Null when none is there; throws IllegalArgumentException when only some are. */
  public static Tls of(String cert, String key, String ca) {
    if (isEmpty(cert) && isEmpty(key) && isEmpty(ca)) {
      return null;
    }
    if (isEmpty(cert) || isEmpty(key) || isEmpty(ca)) {
      throw new IllegalArgumentException(
          "TLS needs all three: a certificate ("
              + CERT
              + "), its key ("
              + KEY
              + ") and the authority ("
              + CA
              + ")");
    }
    return new Tls(Path.of(cert), Path.of(key), Path.of(ca));
  }

  private static boolean isEmpty(String text) {
    return text == null || text.isEmpty();
  }
}
