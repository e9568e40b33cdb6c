package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.client.OwnerToken;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** A store that checks tokens, as the README of client-sdk says. Thread-safe. */
final class TokenStore implements AutoCloseable {
  private final OwnerToken seen = new OwnerToken(0);
  private final List<Write> writes = new ArrayList<>();
  private final ServerSocket server;

  /**
   * One that came.
   *
   * @param leads false: its writer knew that it leads no more
   * @param at CLOCK_MONOTONIC in nanoseconds, before it asked whether it leads
   */
  record Write(boolean leads, long token, long pid, long at, boolean admitted) {}

  TokenStore() throws IOException {
    server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    Thread.ofPlatform().daemon().name("store").start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  private void accept() {
    try {
      while (true) {
        Socket writer = server.accept();
        Thread.ofPlatform().daemon().name("store").start(() -> serve(writer));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void serve(Socket writer) {
    try (writer) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(writer.getInputStream(), StandardCharsets.US_ASCII));
      PrintStream out = new PrintStream(writer.getOutputStream(), true, StandardCharsets.US_ASCII);
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        out.println(note(line.split(" ")) ? "yes" : "no");
      }
    } catch (IOException e) {
      // Killed.
    }
  }

  private synchronized boolean note(String[] words) {
    long token = Long.parseLong(words[1]);
    boolean admitted = seen.admits(token);
    long pid = Long.parseLong(words[2]);
    long at = Long.parseLong(words[3]);
    writes.add(new Write(words[0].equals("leads"), token, pid, at, admitted));
    return admitted;
  }

  synchronized List<Write> writes() {
    return List.copyOf(writes);
  }

  /** The newest of one who leads with a higher token than that; null: none yet. */
  Write after(long token) {
    List<Write> later =
        writes().stream().filter(w -> w.leads() && w.admitted() && w.token() > token).toList();
    return later.isEmpty() ? null : later.getLast();
  }

  /** Each leader began after the one before had ended. */
  void assertOneLeader() {
    TreeMap<Long, long[]> spans = new TreeMap<>();
    for (Write w : writes()) {
      if (w.leads()) {
        long[] span = spans.computeIfAbsent(w.token(), t -> new long[] {w.at(), w.at()});
        span[0] = Math.min(span[0], w.at());
        span[1] = Math.max(span[1], w.at());
      }
    }
    long end = Long.MIN_VALUE;
    for (var each : spans.entrySet()) {
      assertThat(each.getValue()[0]).as("the begin of %s", each.getKey()).isGreaterThan(end);
      end = each.getValue()[1];
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
