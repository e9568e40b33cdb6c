package io.hamlet.it.bench;

import io.hamlet.client.Ack;
import io.hamlet.client.Condition;
import io.hamlet.client.ConditionSpec;
import io.hamlet.client.Deed;
import io.hamlet.client.Entity;
import io.hamlet.client.Ham;
import io.hamlet.client.PulseChannel;
import io.hamlet.client.Rearm;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Raises at one node, pulses to a process at another: at a pace, each on its way before the next.
 * Pulses come each once and in order, so the n-th belongs to the n-th raise. Prints the nanoseconds
 * of each from the call of the raise to the pulse taken, and then the rate that was reached.
 */
final class RaisePulse {
  /** Services live long; before that it is the compilers of the JVMs that are measured. */
  private static final int WARM = 10_000;

  private final Entity entity;
  private final PulseChannel channel;
  private final long pace;

  private RaisePulse(Entity entity, PulseChannel channel, long pace) {
    this.entity = entity;
    this.channel = channel;
    this.pace = pace;
  }

  /**
   * @param args the server raised at, the server of the process and its node, number, pace in
   *     microseconds
   */
  public static void main(String[] args) throws InterruptedException {
    int count = Integer.parseInt(args[3]);
    long pace = Long.parseLong(args[4]) * 1000;
    try (Ham at = Ham.connect(args[0]);
        Ham to = Ham.connect(args[1]);
        PulseChannel channel = to.openChannel()) {
      long pid = ProcessHandle.current().pid();
      Entity entity = at.withAck(Ack.LOCAL).entity("raised-by-" + pid);
      Condition raised = entity.condition("raised", ConditionSpec.raise(1, 1, 1).rearm(Rearm.ON));
      raised.action("tell", new Deed.Pulse(args[2], pid, channel.number(), 7, 42), Rearm.ON);
      RaisePulse run = new RaisePulse(entity, channel, pace);
      run.nanos(WARM);
      long begin = System.nanoTime();
      long[] nanos = run.nanos(count);
      long took = System.nanoTime() - begin;
      for (long each : nanos) {
        System.out.println(each);
      }
      System.out.println("rate " + count * 1_000_000_000L / took);
    }
  }

  private long[] nanos(int count) throws InterruptedException {
    long[] raised = new long[count];
    long[] came = new long[count];
    Thread taker = Thread.ofPlatform().start(() -> take(came));
    long due = System.nanoTime();
    for (int i = 0; i < count; i++) {
      for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      raised[i] = System.nanoTime();
      entity.raise(1, 1, 1);
      due = Math.max(due + pace, System.nanoTime() - pace);
    }
    taker.join();
    for (int i = 0; i < count; i++) {
      if (came[i] == 0) {
        throw new IllegalStateException("pulse " + i + " of " + count + " has not come");
      }
      came[i] -= raised[i];
    }
    return came;
  }

  private void take(long[] came) {
    try {
      for (int i = 0; i < came.length && channel.poll(Duration.ofSeconds(20)) != null; i++) {
        came[i] = System.nanoTime();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
