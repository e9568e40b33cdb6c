package io.hamlet.it.api;

import io.hamlet.client.Tls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A certificate authority of a test, by openssl as the README has it. */
final class TestAuthority {
  private final Path directory;
  private final String name;

  TestAuthority(Path directory, String name) throws Exception {
    this.directory = directory;
    this.name = name;
    run(
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "30",
        "-subj",
        "/CN=" + name,
        "-keyout",
        key(name),
        "-out",
        cert(name));
  }

  /** Keys of a role; empty: none. */
  Tls of(String role) throws Exception {
    return of(role, role.isEmpty() ? "norole" : role, 30);
  }

  /** Keys whose time is over. */
  Tls expired(String role) throws Exception {
    return of(role, role + "-expired", 0);
  }

  /** Keys under a name of their own, made anew if they were there. */
  Tls of(String role, String file, int days) throws Exception {
    Path extensions = Files.createTempFile(directory, "san", ".cnf");
    Files.writeString(
        extensions, role.isEmpty() ? "" : "subjectAltName=URI:hamlet:role:" + role + "\n");
    String request = directory.resolve(name + "-" + file + ".csr").toString();
    run(
        "req",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-subj",
        "/CN=" + file,
        "-keyout",
        key(name + "-" + file),
        "-out",
        request);
    List<String> sign =
        new ArrayList<>(
            List.of(
                "x509",
                "-req",
                "-in",
                request,
                "-CA",
                cert(name),
                "-CAkey",
                key(name),
                "-CAcreateserial",
                "-extfile",
                extensions.toString(),
                "-days",
                Integer.toString(days),
                "-out",
                cert(name + "-" + file)));
    run(sign.toArray(String[]::new));
    return new Tls(
        Path.of(cert(name + "-" + file)), Path.of(key(name + "-" + file)), Path.of(cert(name)));
  }

  private String cert(String of) {
    return directory.resolve(of + ".pem").toString();
  }

  private String key(String of) {
    return directory.resolve(of + ".key").toString();
  }

  private static void run(String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(words));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes());
    if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IOException(command + ": " + said);
    }
  }
}
