package io.hamlet.it.live;

import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Two hosts on one wire: network namespaces with an address each, joined by a bridge on which this
 * test stands too. Needs root. Not thread-safe.
 */
final class TwoHosts implements AutoCloseable {
  static final String HERE = "198.18.77.1";
  static final String FIRST = "198.18.77.11";
  static final String SECOND = "198.18.77.12";

  /** Whoever serves has this one, besides its own. */
  static final String FLOATING = "198.18.77.100";

  private final Path directory;
  private final String mark = Long.toString(ProcessHandle.current().pid() % 100_000, 36);
  private final List<Process> programs = new ArrayList<>();

  private TwoHosts(Path directory) {
    this.directory = directory;
  }

  static TwoHosts make(Path directory) throws Exception {
    Needs.root();
    TwoHosts hosts = new TwoHosts(directory);
    boolean can = hosts.ip("netns", "add", hosts.name(1)) == 0;
    Needs.that("netns", "network namespaces", can);
    try {
      hosts.wire();
    } catch (AssertionError e) {
      hosts.close();
      throw e;
    }
    return hosts;
  }

  private void wire() throws Exception {
    String bridge = "hbr" + mark;
    must("netns", "add", name(2));
    must("link", "add", bridge, "type", "bridge");
    must("addr", "add", HERE + "/24", "dev", bridge);
    must("link", "set", bridge, "up");
    for (int i = 1; i <= 2; i++) {
      String here = "hv" + mark + i;
      must("link", "add", here, "type", "veth", "peer", "name", "eth0", "netns", name(i));
      must("link", "set", here, "master", bridge, "up");
      must("-n", name(i), "link", "set", "lo", "up");
      must("-n", name(i), "addr", "add", (i == 1 ? FIRST : SECOND) + "/24", "dev", "eth0");
      must("-n", name(i), "link", "set", "eth0", "up");
    }
  }

  /** Of the namespace of the first or the second. */
  String name(int host) {
    return "ham-" + mark + "-" + host;
  }

  private void must(String... words) throws Exception {
    if (ip(words) != 0) {
      throw new AssertionError("ip " + String.join(" ", words) + " failed");
    }
  }

  int ip(String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(Needs.program("ip").toString()));
    command.addAll(List.of(words));
    File out = directory.resolve("ip.out").toFile();
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(out))
        .start()
        .waitFor();
  }

  /** Starts a program on a host; it is killed with the hosts. */
  Process start(int host, String... words) throws IOException {
    List<String> command = new ArrayList<>(List.of(Needs.program("ip").toString()));
    command.addAll(List.of("netns", "exec", name(host)));
    command.addAll(List.of(words));
    File out = directory.resolve("host" + host + ".out").toFile();
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(out))
            .start();
    programs.add(process);
    return process;
  }

  /** What a redis at an address answers to a line, in one piece; "" when it does not. */
  static String redis(String address, String line) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, 6379), 500);
      socket.setSoTimeout(500);
      socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
      byte[] answer = new byte[4_096];
      int length = socket.getInputStream().read(answer);
      return new String(answer, 0, Math.max(0, length), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  @Override
  public void close() throws IOException {
    programs.forEach(Process::destroyForcibly);
    try {
      for (int i = 1; i <= 2; i++) {
        ip("link", "del", "hv" + mark + i);
        ip("netns", "del", name(i));
      }
      ip("link", "del", "hbr" + mark);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
