package io.hamlet.manager.tls;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;

/**
 * The roles that a certificate gives: subject alternative names, such as the URI {@code
 * hamlet:role:view}.
 */
public final class Roles {
  public static final String URI = "hamlet:role:";

  /** Serves, and speaks for others. */
  public static final String MANAGER = "manager";

  private static final int URI_NAME = 6;

  private Roles() {}

  /** Their words as they stand there; empty: none. */
  public static List<String> of(X509Certificate certificate) {
    return names(certificate).stream()
        .filter(name -> name.get(0).equals(URI_NAME) && name.get(1).toString().startsWith(URI))
        .map(name -> name.get(1).toString().substring(URI.length()))
        .toList();
  }

  private static Collection<List<?>> names(X509Certificate certificate) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      return names == null ? List.of() : names;
    } catch (CertificateParsingException e) {
      return List.of();
    }
  }
}
