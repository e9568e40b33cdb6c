package io.hamlet.agent.config;

import io.hamlet.manager.disk.Contents;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Where a node keeps its things (cli.md 2).
 *
 * @param state on disk, outlives a reboot
 * @param socket of the API; short enough for the kernel
 * @param memory on tmpfs: live log and liveness table
 */
public record Places(Path state, Path socket, Path memory) {
  static final String SOCKET = "ham.sock";

  /** The kernel takes 107 bytes; a socket is bound under a name that is 4 longer at first. */
  static final int LONGEST_SOCKET = 103;

  private static final Path SHARED_MEMORY = Path.of("/dev/shm");
  private static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rwx------");

  /**
   * @param chosenState null: the default
   * @param chosenSocket null: the default
   */
  static Places of(
      String node, Path chosenState, Path chosenSocket, Map<String, String> environment) {
    int user = user();
    Path usual = real(defaultState(node, user, environment));
    Path state = chosenState == null ? usual : real(chosenState);
    // Two nodes of one name on one host have different states, and must not share the rest.
    String own = state.equals(usual) ? node : node + mark(state);
    Path run = runtime(user, environment).resolve(own);
    Path memory = isTmpfs(run) ? run : shared(user).resolve(own);
    Path socket = chosenSocket == null ? run.resolve(SOCKET) : chosenSocket;
    if (chosenSocket == null && bytes(socket) > LONGEST_SOCKET) {
      socket = shared(user).resolve(own).resolve(SOCKET);
    }
    return new Places(state, socket, memory);
  }

  /** The directories, private to this user. Throws IOException for one that is somebody else's. */
  public void create() throws IOException {
    for (Path directory : List.of(state, socket.toAbsolutePath().getParent(), memory)) {
      if (!Files.isDirectory(directory)) {
        Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(PRIVATE));
      }
    }
    // Anybody may make a directory of this name in /dev/shm before we do.
    for (Path directory = memory; isOurs(directory); directory = directory.getParent()) {
      boolean isPrivate = Files.getPosixFilePermissions(directory).equals(PRIVATE);
      if (!Files.getAttribute(directory, "unix:uid").equals(user()) || !isPrivate) {
        throw new IOException(directory + " is not a private directory of this user; remove it");
      }
    }
  }

  /** Makes the socket reachable as {@code STATE/ham.sock} too. */
  public void linkSocket() throws IOException {
    Path link = state.resolve(SOCKET);
    if (!link.equals(socket)) {
      Path fresh = state.resolve(SOCKET + ".new");
      Files.deleteIfExists(fresh);
      Files.createSymbolicLink(fresh, socket);
      Files.move(fresh, link, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  /**
   * The socket of the node on this host: of the one named like the host, else of the only one there
   * is. Throws IllegalArgumentException when it takes a choice.
   */
  public static Path localSocket(Map<String, String> environment) {
    int user = user();
    Path named = runtime(user, environment).resolve(hostName()).resolve(SOCKET);
    if (Files.exists(named)) {
      return named;
    }
    List<Path> all =
        Stream.of(runtime(user, environment), shared(user))
            .distinct()
            .flatMap(Places::sockets)
            .toList();
    if (all.size() > 1) {
      throw new IllegalArgumentException(
          "there are sockets of several nodes; choose one with --server unix:PATH or HAM_SERVER: "
              + all);
    }
    return all.isEmpty() ? named : all.getFirst();
  }

  /**
   * Where the processes that supervise others meet, for all nodes of this user on this host. Root's
   * is not below the managers' own, which is private: programs that gave up root must get there.
   */
  public static Path supervision(Map<String, String> environment) {
    int user = user();
    return user == 0
        ? Path.of("/run/hamlet-supervise")
        : runtime(user, environment).resolve("supervise");
  }

  static String hostName() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static boolean isTooLong(Path socket) {
    return bytes(socket) > LONGEST_SOCKET;
  }

  private static Path defaultState(String node, int user, Map<String, String> environment) {
    if (user == 0) {
      return Path.of("/var/lib/hamlet", node);
    }
    String home = environment.getOrDefault("HOME", "/");
    String base = environment.getOrDefault("XDG_STATE_HOME", "");
    return Path.of(base.isEmpty() ? home + "/.local/state" : base, "hamlet", node);
  }

  private static Path runtime(int user, Map<String, String> environment) {
    String base = environment.getOrDefault("XDG_RUNTIME_DIR", "");
    if (user == 0) {
      return Path.of("/run/hamlet");
    }
    return base.isEmpty() ? shared(user) : Path.of(base, "hamlet");
  }

  private static Path shared(int user) {
    return SHARED_MEMORY.resolve("hamlet-" + user);
  }

  private static boolean isOurs(Path directory) {
    return directory.startsWith(SHARED_MEMORY) && !directory.equals(SHARED_MEMORY);
  }

  private static Stream<Path> sockets(Path directory) {
    try {
      return Contents.of(directory).stream().map(n -> n.resolve(SOCKET)).filter(Files::exists);
    } catch (IOException e) {
      return Stream.of();
    }
  }

  /** One spelling for one directory, whether it exists already or not. */
  private static Path real(Path path) {
    Path normal = path.toAbsolutePath().normalize();
    Path there = normal;
    while (!Files.exists(there)) {
      there = there.getParent();
    }
    try {
      return there.toRealPath().resolve(there.relativize(normal)).normalize();
    } catch (IOException e) {
      return normal;
    }
  }

  /** Of the nearest parent that exists. */
  private static boolean isTmpfs(Path path) {
    Path there = path;
    while (!Files.exists(there)) {
      there = there.getParent();
    }
    try {
      return Files.getFileStore(there).type().equals("tmpfs");
    } catch (IOException e) {
      return false;
    }
  }

  private static int user() {
    try {
      return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String mark(Path state) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] hash = digest.digest(state.toString().getBytes(StandardCharsets.UTF_8));
      return "@" + HexFormat.of().formatHex(hash, 0, 4);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int bytes(Path path) {
    return path.toString().getBytes(StandardCharsets.UTF_8).length;
  }
}
