package io.hamlet.it.live;

import io.hamlet.client.Ham;
import io.hamlet.client.Leadership;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * A program that leads when its time comes, and writes to a store all the while: the token, and
 * when it looked at the clock before it asked whether it leads. Once it leads no more it tries
 * without asking.
 */
public final class LeadingProgram {
  static final String NAME = "batch";
  static final Duration SPAN = Duration.ofSeconds(4);

  private LeadingProgram() {}

  public static void main(String[] args) throws Exception {
    try (Ham ham = Ham.connect(args[0]);
        Socket store = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(args[1]))) {
      PrintStream out = new PrintStream(store.getOutputStream(), true, StandardCharsets.US_ASCII);
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(store.getInputStream(), StandardCharsets.US_ASCII));
      Leadership leadership =
          ham.lead(
              NAME,
              SPAN,
              term -> {
                try {
                  while (!Thread.interrupted()) {
                    long at = System.nanoTime();
                    if (term.isLeader()) {
                      write("leads", term.token(), at, out, in);
                    }
                    LockSupport.parkNanos(2_000_000);
                  }
                } finally {
                  write("late", term.token(), System.nanoTime(), out, in);
                }
              });
      leadership.await();
    }
  }

  private static void write(String what, long token, long at, PrintStream out, BufferedReader in)
      throws IOException {
    out.println(what + " " + token + " " + ProcessHandle.current().pid() + " " + at);
    in.readLine();
  }

  /** Starts one that asks that manager. */
  static Process start(String address, int storePort, Path output) throws IOException {
    return new ProcessBuilder(
            OtherJvm.command(
                "--enable-native-access=ALL-UNNAMED",
                LeadingProgram.class,
                address,
                Integer.toString(storePort)))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
        .start();
  }
}
