package io.hamlet.manager.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * Believes who has a certificate of the authority that calls it a manager. Host names do not count:
 * a node may move, and who has the role may serve any. Thread-safe.
 */
public final class OnlyManagers extends X509ExtendedTrustManager {
  private final Supplier<X509TrustManager> authority;

  /**
   * @param authority asked anew for each connection
   */
  public OnlyManagers(Supplier<X509TrustManager> authority) {
    this.authority = authority;
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    authority.get().checkServerTrusted(chain, type);
    check(chain[0], "server");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    authority.get().checkClientTrusted(chain, type);
    check(chain[0], "client");
  }

  private static void check(X509Certificate certificate, String side) throws CertificateException {
    if (!Roles.of(certificate).contains(Roles.MANAGER)) {
      throw new CertificateException(
          "the %s is no manager: its certificate, %s, lacks the URI %s%s"
              .formatted(side, certificate.getSubjectX500Principal(), Roles.URI, Roles.MANAGER));
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    checkServerTrusted(chain, type);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    checkServerTrusted(chain, type);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    checkClientTrusted(chain, type);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    checkClientTrusted(chain, type);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return authority.get().getAcceptedIssuers();
  }
}
