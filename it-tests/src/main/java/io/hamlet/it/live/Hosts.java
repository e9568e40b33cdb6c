package io.hamlet.it.live;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Some hosts on one wire: a network namespace each, joined by a bridge in one more, so that nothing
 * of this machine's own network is touched or reached. Cables can be pulled, and each direction
 * between two hosts be cut. Needs root. Not thread-safe.
 *
 * <p>What runs on a host sees the files of this machine, also its sockets; only the network is
 * another. Whoever starts something there ends it too.
 */
public final class Hosts implements AutoCloseable {
  private static final AtomicInteger MADE = new AtomicInteger();

  /** Nobody has it, so what is sent there arrives nowhere. */
  private static final String NOBODY = "02:00:00:00:00:fe";

  private final String mark;
  private final int count;
  private final Set<Drop> drops = new LinkedHashSet<>();
  private final Set<Integer> silenced = new LinkedHashSet<>();

  private record Drop(int from, int to) {}

  private Hosts(int count) {
    this.count = count;
    long pid = ProcessHandle.current().pid();
    this.mark = "hamlet-" + Long.toString(pid, 36) + "-" + MADE.incrementAndGet();
  }

  /** True when this process can make them. */
  public static boolean possible() {
    String probe = "hamlet-" + ProcessHandle.current().pid() + "-probe";
    try {
      run(List.of(ip(), "netns", "add", probe));
      run(List.of(ip(), "netns", "del", probe));
      return true;
    } catch (IllegalStateException e) {
      return false;
    }
  }

  /**
   * @param count 1 to 200
   */
  public static Hosts make(int count) {
    Hosts hosts = new Hosts(count);
    try {
      hosts.wire();
    } catch (IllegalStateException e) {
      hosts.close();
      throw e;
    }
    return hosts;
  }

  private void wire() {
    ip("netns", "add", wireName());
    ip("-n", wireName(), "link", "add", "name", "wire", "type", "bridge");
    ip("-n", wireName(), "link", "set", "dev", "wire", "up");
    for (int i = 0; i < count; i++) {
      ip("netns", "add", name(i));
      ip(
          "-n",
          wireName(),
          "link",
          "add",
          "name",
          plugName(i),
          "type",
          "veth",
          "peer",
          "name",
          "eth0",
          "netns",
          name(i));
      ip("-n", wireName(), "link", "set", "dev", plugName(i), "master", "wire", "up");
      ip("-n", name(i), "link", "set", "dev", "lo", "up");
      ip("-n", name(i), "addr", "add", address(i) + "/24", "dev", "eth0");
      ip("-n", name(i), "link", "set", "dev", "eth0", "up");
    }
  }

  public int count() {
    return count;
  }

  /** Of a host, the first being 0. */
  public String address(int host) {
    return "198.18.7." + (host + 11);
  }

  /** The name of its network namespace, for {@code ip -n}. */
  public String name(int host) {
    return mark + "-" + host;
  }

  /** What to put before a command so that it runs on a host. */
  public List<String> enter(int host) {
    return List.of("nsenter", "--net=" + file(name(host)));
  }

  /** The name of the namespace in which the cables end. */
  public String wireName() {
    return mark + "-wire";
  }

  /** Where the cable of a host ends. */
  public static String plugName(int host) {
    return "plug" + host;
  }

  /** Pulls the cable of a host; its interface loses its carrier. */
  public void unplug(int host) {
    ip("-n", wireName(), "link", "set", "dev", plugName(host), "down");
  }

  /** Puts it in again. */
  public void plug(int host) {
    ip("-n", wireName(), "link", "set", "dev", plugName(host), "up");
  }

  /** Nothing arrives any more of what one host sends to the other; the other way is untouched. */
  public void drop(int from, int to) {
    ip(
        "-n",
        name(from),
        "neigh",
        "replace",
        address(to),
        "lladdr",
        NOBODY,
        "dev",
        "eth0",
        "nud",
        "permanent");
    drops.add(new Drop(from, to));
  }

  /** Both directions. */
  public void cut(int one, int other) {
    drop(one, other);
    drop(other, one);
  }

  /** Cuts those hosts off from all the others, and lets them have each other. */
  public void isolate(List<Integer> some) {
    for (int one : some) {
      IntStream.range(0, count).filter(other -> !some.contains(other)).forEach(o -> cut(one, o));
    }
  }

  /** What is said by TCP to that port leaves no host any more; all else does. */
  public void silence(int port) {
    for (int host = 0; host < count; host++) {
      rule("add", host, port);
    }
    silenced.add(port);
  }

  private void rule(String verb, int host, int port) {
    String dport = String.valueOf(port);
    ip("-n", name(host), "rule", verb, "ipproto", "tcp", "dport", dport, "blackhole");
  }

  /** Undoes each drop, cut and silence; cables are another matter. */
  public void heal() {
    for (int port : silenced) {
      IntStream.range(0, count).forEach(host -> rule("del", host, port));
    }
    silenced.clear();
    for (Drop drop : drops) {
      ip("-n", name(drop.from), "neigh", "del", address(drop.to), "dev", "eth0");
    }
    drops.clear();
  }

  @Override
  public void close() {
    List<String> names = new ArrayList<>(IntStream.range(0, count).mapToObj(this::name).toList());
    names.add(wireName());
    for (String name : names) {
      if (Files.exists(file(name))) {
        ip("netns", "del", name);
      }
    }
  }

  private static Path file(String name) {
    return Path.of("/run/netns", name);
  }

  private static String ip() {
    return Files.isExecutable(Path.of("/usr/sbin/ip")) ? "/usr/sbin/ip" : "ip";
  }

  private static void ip(String... words) {
    List<String> command = new ArrayList<>(List.of(ip()));
    command.addAll(List.of(words));
    run(command);
  }

  private static void run(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IllegalStateException(String.join(" ", command) + ": " + said.strip());
      }
    } catch (IOException e) {
      throw new IllegalStateException("cannot run " + command, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
