package io.hamlet.agent.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Users and groups by /etc/passwd and /etc/group, read anew each time: a directory service may
 * hang, and a manager may not. Thread-safe.
 */
final class Accounts {
  /**
   * @param groups all its groups by number, the main one too
   */
  record User(String name, long uid, long gid, String home, String shell, Set<Long> groups) {}

  private final Path etc;

  Accounts(Path etc) {
    this.etc = etc;
  }

  /**
   * @param wanted {@code user}, {@code user:group}, by name or number
   * @return null if there is none
   */
  User find(String wanted) throws IOException {
    int colon = wanted.indexOf(':');
    String name = colon < 0 ? wanted : wanted.substring(0, colon);
    String group = colon < 0 ? "" : wanted.substring(colon + 1);
    for (String line : lines("passwd")) {
      String[] f = line.split(":", -1);
      if (f.length >= 7 && (f[0].equals(name) || f[2].equals(name))) {
        long gid = group.isEmpty() ? Long.parseLong(f[3]) : group(group);
        return gid < 0
            ? null
            : new User(f[0], Long.parseLong(f[2]), gid, f[5], f[6], groups(f[0], gid));
      }
    }
    return null;
  }

  /** Who this manager is; null if that user has no entry. */
  User own() {
    try {
      return find(Files.getAttribute(Path.of("/proc/self"), "unix:uid").toString());
    } catch (IOException e) {
      return null;
    }
  }

  private long group(String wanted) throws IOException {
    for (String line : lines("group")) {
      String[] f = line.split(":", -1);
      if (f.length >= 4 && (f[0].equals(wanted) || f[2].equals(wanted))) {
        return Long.parseLong(f[2]);
      }
    }
    return -1;
  }

  private Set<Long> groups(String user, long main) throws IOException {
    Set<Long> groups = new HashSet<>(Set.of(main));
    for (String line : lines("group")) {
      String[] f = line.split(":", -1);
      if (f.length >= 4 && List.of(f[3].split(",")).contains(user)) {
        groups.add(Long.parseLong(f[2]));
      }
    }
    return groups;
  }

  private List<String> lines(String file) throws IOException {
    return Files.readAllLines(etc.resolve(file), StandardCharsets.ISO_8859_1);
  }
}
