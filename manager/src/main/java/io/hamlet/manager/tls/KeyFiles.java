package io.hamlet.manager.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files with the certificate, key and authority of this manager. They are read again when they
 * have changed; what cannot be used is told, and what was read before stays. Thread-safe.
 */
public final class KeyFiles {
  /** The only one that is spoken. */
  public static final String PROTOCOL = "TLSv1.3";

  private static final Logger LOG = LoggerFactory.getLogger(KeyFiles.class);

  private final Path cert;
  private final Path key;
  private final Path ca;
  private List<Object> seen;
  private Keys keys;

  private KeyFiles(Path cert, Path key, Path ca) {
    this.cert = cert;
    this.key = key;
    this.ca = ca;
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
  public static KeyFiles read(Path cert, Path key, Path ca) throws IOException {
    KeyFiles files = new KeyFiles(cert, key, ca);
    files.seen = files.look();
    files.keys = Pem.keys(1, cert, key, ca);
    return files;
  }

  /** What they hold now. */
  public synchronized Keys now() {
    try {
      List<Object> there = look();
      if (!there.equals(seen)) {
        seen = there;
        keys = Pem.keys(keys.generation() + 1, cert, key, ca);
        LOG.info("the certificate was read again from {}", cert);
      }
    } catch (IOException e) {
      LOG.warn("the old certificate stays: {}", e.getMessage());
    }
    return keys;
  }

  private List<Object> look() throws IOException {
    List<Object> found = new ArrayList<>();
    for (Path file : List.of(cert, key, ca)) {
      BasicFileAttributes is = Files.readAttributes(file, BasicFileAttributes.class);
      found.add(List.of(is.lastModifiedTime(), is.size(), String.valueOf(is.fileKey())));
    }
    return found;
  }
}
