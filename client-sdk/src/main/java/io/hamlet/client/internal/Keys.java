package io.hamlet.client.internal;

import io.grpc.netty.GrpcSslContexts;
import io.hamlet.client.Tls;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** The files of a {@link Tls}, read again when they have changed. Thread-safe. */
final class Keys {
  private final Tls files;
  private List<Object> seen;
  private Read read;

  /**
   * What was made of them.
   *
   * @param generation counts how often
   */
  record Read(int generation, SslContext context) {}

  /** Throws IllegalArgumentException with what is wrong and what to do. */
  Keys(Tls files) {
    this.files = files;
    try {
      this.seen = look();
      this.read = new Read(1, load());
    } catch (IOException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /** Made of what the files hold now; of what they held when that cannot be used. */
  synchronized Read now() {
    try {
      List<Object> there = look();
      if (!there.equals(seen)) {
        seen = there;
        read = new Read(read.generation() + 1, load());
      }
    } catch (IOException e) {
      return read; // They are being written, or gone: what was read still stands.
    }
    return read;
  }

  private List<Object> look() throws IOException {
    List<Object> found = new ArrayList<>();
    for (Path file : List.of(files.cert(), files.key(), files.ca())) {
      if (!Files.isReadable(file)) {
        throw new IOException(file + " is not a file that can be read");
      }
      BasicFileAttributes is = Files.readAttributes(file, BasicFileAttributes.class);
      found.add(List.of(is.lastModifiedTime(), is.size(), String.valueOf(is.fileKey())));
    }
    return found;
  }

  private SslContext load() throws IOException {
    X509TrustManager authority = authority();
    try (InputStream cert = Files.newInputStream(files.cert());
        InputStream key = Files.newInputStream(files.key())) {
      return GrpcSslContexts.configure(
              SslContextBuilder.forClient()
                  .keyManager(cert, key)
                  .trustManager(new OnlyManagers(authority)),
              SslProvider.JDK)
          .protocols("TLSv1.3")
          .build();
    } catch (IllegalArgumentException | IOException e) {
      throw new IOException(
          files.cert()
              + " and "
              + files.key()
              + " are not a certificate and its key in PEM; the key must be PKCS #8 without a"
              + " password: openssl pkcs8 -topk8 -nocrypt",
          e);
    }
  }

  private X509TrustManager authority() throws IOException {
    try (InputStream in = Files.newInputStream(files.ca())) {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      for (Certificate ca : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        trusted.setCertificateEntry("ca" + trusted.size(), ca);
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(trusted);
      for (TrustManager manager : factory.getTrustManagers()) {
        if (trusted.size() > 0 && manager instanceof X509TrustManager found) {
          return found;
        }
      }
    } catch (GeneralSecurityException e) {
      throw new IOException(files.ca() + " holds no certificate in PEM", e);
    }
    throw new IOException(files.ca() + " holds no certificate in PEM");
  }
}
