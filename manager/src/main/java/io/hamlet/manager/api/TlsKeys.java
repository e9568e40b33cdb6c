package io.hamlet.manager.api;

import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.ByteArrayInputStream;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate, key and authority of this manager. The files are read again when they have
 * changed; what cannot be used is told, and what was read before stays. Thread-safe.
 */
public final class TlsKeys {
  private static final Logger LOG = LoggerFactory.getLogger(TlsKeys.class);
  private static final String PROTOCOL = "TLSv1.3";
  private final List<Path> files;
  private List<Object> seen;
  private Contexts contexts;

  /**
   * What was made of the files.
   *
   * @param generation counts how often they were read
   */
  record Contexts(int generation, SslContext server, SslContext client) {}

  private TlsKeys(List<Path> files) {
    this.files = files;
  }

  /**
   * Reads the files, all PEM.
   *
   * @param cert of this manager, with role {@code manager}; those between it and the authority
   *     follow
   * @param key PKCS #8, without password
   * @param ca who signs all certificates
   * @throws IOException with what is wrong and what to do
   */
  public static TlsKeys read(Path cert, Path key, Path ca) throws IOException {
    TlsKeys keys = new TlsKeys(List.of(cert, key, ca));
    keys.seen = keys.look();
    keys.contexts = keys.load(1);
    return keys;
  }

  /** Made of what the files hold now. */
  synchronized Contexts now() {
    try {
      List<Object> there = look();
      if (!there.equals(seen)) {
        seen = there;
        contexts = load(contexts.generation() + 1);
        LOG.info("the certificate was read again from {}", files.getFirst());
      }
    } catch (IOException e) {
      LOG.warn("the old certificate stays: {}", e.getMessage());
    }
    return contexts;
  }

  private List<Object> look() throws IOException {
    List<Object> found = new ArrayList<>();
    for (Path file : files) {
      BasicFileAttributes is = Files.readAttributes(file, BasicFileAttributes.class);
      found.add(List.of(is.lastModifiedTime(), is.size(), String.valueOf(is.fileKey())));
    }
    return found;
  }

  private Contexts load(int generation) throws IOException {
    byte[] cert = Files.readAllBytes(files.get(0));
    byte[] key = Files.readAllBytes(files.get(1));
    X509TrustManager authority = authority();
    try {
      SslContextBuilder server =
          SslContextBuilder.forServer(stream(cert), stream(key))
              .trustManager(authority)
              .clientAuth(ClientAuth.REQUIRE);
      SslContextBuilder client =
          SslContextBuilder.forClient()
              .keyManager(stream(cert), stream(key))
              .trustManager(new OnlyManagers(authority));
      return new Contexts(generation, made(server), made(client));
    } catch (IllegalArgumentException | IOException e) {
      // What is in the files is not told.
      throw new IOException(
          files.get(0)
              + " and "
              + files.get(1)
              + " are not a certificate and its key in PEM; the key must be PKCS #8 without a"
              + " password: openssl pkcs8 -topk8 -nocrypt",
          e);
    }
  }

  private static SslContext made(SslContextBuilder builder) throws IOException {
    return GrpcSslContexts.configure(builder, SslProvider.JDK).protocols(PROTOCOL).build();
  }

  private X509TrustManager authority() throws IOException {
    Path file = files.get(2);
    try (InputStream in = Files.newInputStream(file)) {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      for (Certificate ca : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        trusted.setCertificateEntry("ca" + trusted.size(), ca);
      }
      if (trusted.size() == 0) {
        throw new IOException(file + " holds no certificate in PEM");
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(trusted);
      for (TrustManager manager : factory.getTrustManagers()) {
        if (manager instanceof X509TrustManager found) {
          return found;
        }
      }
      throw new IOException("this Java has no trust manager for certificates");
    } catch (GeneralSecurityException e) {
      throw new IOException(file + " holds no certificate in PEM", e);
    }
  }

  private static InputStream stream(byte[] bytes) {
    return new ByteArrayInputStream(bytes);
  }
}
