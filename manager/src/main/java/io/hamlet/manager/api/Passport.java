package io.hamlet.manager.api;

import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.ServerTransportFilter;
import io.hamlet.core.model.Refused;
import io.hamlet.core.model.Rejection;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * The certificate that a caller has shown, read once for each connection. Immutable.
 *
 * @param role null: it has none
 */
record Passport(X509Certificate certificate, Role role) {
  static final Attributes.Key<Passport> TRANSPORT = Attributes.Key.create("io.hamlet.passport");

  /** The role that it gives now; throws Refused when it gives none. */
  Role valid() {
    try {
      certificate.checkValidity();
    } catch (CertificateException e) {
      throw no("has expired since you connected; get a new one and connect again");
    }
    if (role == null) {
      throw no(
          "gives no role; it needs a subject alternative name URI:"
              + Role.URI
              + "view, operate or admin");
    }
    return role;
  }

  String owner() {
    return certificate.getSubjectX500Principal().getName();
  }

  private Refused no(String why) {
    return new Refused(Rejection.Reason.NOT_PERMITTED, "your certificate, " + owner() + ", " + why);
  }

  /** Looks at the certificate when a connection is ready. */
  static final class Reader extends ServerTransportFilter {
    @Override
    public Attributes transportReady(Attributes transport) {
      SSLSession session = transport.get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
      if (session == null) {
        return transport;
      }
      try {
        X509Certificate shown = (X509Certificate) session.getPeerCertificates()[0];
        return transport.toBuilder().set(TRANSPORT, new Passport(shown, Role.of(shown))).build();
      } catch (SSLPeerUnverifiedException e) {
        return transport; // Refused by the guard as one whom nobody knows.
      }
    }
  }
}
