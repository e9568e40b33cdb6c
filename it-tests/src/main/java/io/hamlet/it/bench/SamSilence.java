package io.hamlet.it.bench;

import io.hamlet.client.Command;
import io.hamlet.client.Ham;
import io.hamlet.client.RecoveryPolicy;
import io.hamlet.client.Sam;
import io.hamlet.client.SamContract;
import io.hamlet.client.SamFlag;
import io.hamlet.client.SamProgram;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A program that is started, sends one message, and is silent then: warned, killed, started again,
 * so many times. Prints of each instance its pid, and when the message was sent.
 */
final class SamSilence {
  private static final long LIMIT_SECONDS = 30;

  private SamSilence() {}

  /**
   * @param args server; program and its argument; the interval in milliseconds; how many instances
   */
  public static void main(String[] args) throws Exception {
    Duration interval = Duration.ofMillis(Long.parseLong(args[3]));
    SamContract contract = SamContract.of(interval, RecoveryPolicy.RESTART, SamFlag.COMPAT_LIBSAM);
    BlockingQueue<SamProgram> changes = new LinkedBlockingQueue<>();
    try (Ham ham = Ham.connect(args[0])) {
      Command quiet = Command.of(args[1], args[2]);
      Sam sam = Sam.launch(ham, "quiet", contract, quiet, new byte[0]);
      sam.onChange(changes::add);
      for (long i = 1; i <= Long.parseLong(args[4]); i++) {
        SamProgram p = registered(changes, i);
        sam.start();
        long sent = System.nanoTime();
        sam.heartbeat();
        System.out.println(p.pid() + " " + sent);
      }
      // The last one has to be seen to its end.
      registered(changes, Long.parseLong(args[4]) + 1);
      sam.close();
    }
  }

  private static SamProgram registered(BlockingQueue<SamProgram> changes, long instance)
      throws InterruptedException {
    SamProgram p;
    do {
      p = changes.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
      if (p == null) {
        throw new IllegalStateException("there is no instance " + instance);
      }
    } while (p.instance() != instance || !p.state().equals("registered"));
    return p;
  }
}
