package io.hamlet.manager.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509TrustManager;

/** Makes keys of PEM files. */
final class Pem {
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

  /** Of what is only in memory. */
  private static final char[] NO_PASSWORD = new char[0];

  private Pem() {}

  static Keys keys(int generation, Path cert, Path key, Path ca) throws IOException {
    return new Keys(generation, own("g" + generation, cert, key), authority(ca));
  }

  /**
   * @param alias another for each generation, so that nobody gets the key of one with the
   *     certificate of another
   */
  private static X509ExtendedKeyManager own(String alias, Path cert, Path key) throws IOException {
    String text = Files.readString(key, StandardCharsets.ISO_8859_1);
    try {
      Certificate[] chain = certificates(cert).toArray(Certificate[]::new);
      KeyStore store = store();
      store.setKeyEntry(alias, privateKey(text, chain[0]), NO_PASSWORD, chain);
      KeyManagerFactory factory = KeyManagerFactory.getInstance("SunX509");
      factory.init(store, NO_PASSWORD);
      return only(factory.getKeyManagers(), X509ExtendedKeyManager.class);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      // What is in the files is not told.
      throw new IOException(
          cert
              + " and "
              + key
              + " are not a certificate and its key in PEM; the key must be PKCS #8 without a"
              + " password: openssl pkcs8 -topk8 -nocrypt",
          e);
    }
  }

  private static PrivateKey privateKey(String text, Certificate of)
      throws GeneralSecurityException {
    Matcher found = KEY.matcher(text);
    if (!found.find()) {
      throw new IllegalArgumentException("no private key");
    }
    byte[] bytes = Base64.getMimeDecoder().decode(found.group(1));
    return KeyFactory.getInstance(of.getPublicKey().getAlgorithm())
        .generatePrivate(new PKCS8EncodedKeySpec(bytes));
  }

  private static X509TrustManager authority(Path file) throws IOException {
    try {
      KeyStore trusted = store();
      for (Certificate ca : certificates(file)) {
        trusted.setCertificateEntry("ca" + trusted.size(), ca);
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(trusted);
      return only(factory.getTrustManagers(), X509TrustManager.class);
    } catch (GeneralSecurityException e) {
      throw new IOException(file + " holds no certificate in PEM", e);
    }
  }

  /** One at least. */
  private static List<Certificate> certificates(Path file)
      throws IOException, GeneralSecurityException {
    ByteArrayInputStream in = new ByteArrayInputStream(Files.readAllBytes(file));
    List<Certificate> found =
        List.copyOf(CertificateFactory.getInstance("X.509").generateCertificates(in));
    if (found.isEmpty()) {
      throw new CertificateException("no certificate");
    }
    return found;
  }

  private static KeyStore store() throws IOException, GeneralSecurityException {
    KeyStore empty = KeyStore.getInstance(KeyStore.getDefaultType());
    empty.load(null, null);
    return empty;
  }

  private static <T> T only(Object[] managers, Class<T> type) throws GeneralSecurityException {
    return Arrays.stream(managers)
        .filter(type::isInstance)
        .map(type::cast)
        .findFirst()
        .orElseThrow(() -> new GeneralSecurityException("this Java has no " + type.getName()));
  }
}
