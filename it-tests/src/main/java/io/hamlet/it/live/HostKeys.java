package io.hamlet.it.live;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What nodes off loopback must have: a cluster key, and certificates of an authority of the test's
 * own. Needs the program openssl.
 *
 * @param key the cluster's key
 * @param authority certificate of the authority
 * @param certificate for all managers alike: who has the role may serve any node
 * @param certificateKey its private key
 */
public record HostKeys(Path key, Path authority, Path certificate, Path certificateKey) {
  private static final String NEW_KEY = " -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";

  /** Makes them in a directory. */
  public static HostKeys make(Path directory) throws IOException, InterruptedException {
    Files.createDirectories(directory);
    HostKeys keys =
        new HostKeys(
            directory.resolve("cluster.key"),
            directory.resolve("ca.pem"),
            directory.resolve("manager.pem"),
            directory.resolve("manager.key"));
    byte[] secret = new byte[48];
    new SecureRandom().nextBytes(secret);
    Files.writeString(keys.key, Base64.getEncoder().encodeToString(secret));
    Files.setPosixFilePermissions(keys.key, PosixFilePermissions.fromString("rw-------"));
    openssl(
        "req -x509 -days 30 -subj /CN=authority" + NEW_KEY,
        "-keyout",
        directory.resolve("ca.key"),
        "-out",
        keys.authority);
    keys.sign("manager", keys.certificate, keys.certificateKey);
    return keys;
  }

  /** The options of {@code ham} for one who has that role; makes its certificate. */
  public List<String> optionsOf(String role) throws IOException, InterruptedException {
    Path certificate = authority.resolveSibling(role + ".pem");
    Path certificateKey = authority.resolveSibling(role + ".key");
    sign(role, certificate, certificateKey);
    return tls(certificate, certificateKey);
  }

  private void sign(String role, Path certificate, Path certificateKey)
      throws IOException, InterruptedException {
    Path names = authority.resolveSibling(role + ".ext");
    Files.writeString(names, "subjectAltName=URI:hamlet:role:" + role + "\n");
    Path request = authority.resolveSibling(role + ".csr");
    openssl("req -subj /CN=" + role + NEW_KEY, "-keyout", certificateKey, "-out", request);
    openssl(
        "x509 -req -days 30 -CAcreateserial",
        "-in",
        request,
        "-CA",
        authority,
        "-CAkey",
        authority.resolveSibling("ca.key"),
        "-extfile",
        names,
        "-out",
        certificate);
    Files.setPosixFilePermissions(certificateKey, PosixFilePermissions.fromString("rw-------"));
  }

  /** The options of {@code ham run} that name them. */
  public List<String> options() {
    List<String> all = new ArrayList<>(List.of("--cluster-key", key.toString()));
    all.addAll(tls(certificate, certificateKey));
    return all;
  }

  private List<String> tls(Path certificate, Path certificateKey) {
    return List.of(
        "--tls-ca",
        authority.toString(),
        "--tls-cert",
        certificate.toString(),
        "--tls-key",
        certificateKey.toString());
  }

  private static void openssl(String words, Object... files)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(words.split(" ")));
    Stream.of(files).map(Object::toString).forEach(command::add);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IOException(command + ": " + said);
    }
  }
}
