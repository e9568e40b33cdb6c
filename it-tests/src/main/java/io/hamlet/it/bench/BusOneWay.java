package io.hamlet.it.bench;

import io.hamlet.manager.cluster.BusConfig;
import io.hamlet.manager.cluster.JGroupsBus;
import io.hamlet.manager.port.ClusterBus;
import io.hamlet.manager.port.Member;
import io.hamlet.manager.port.Subject;
import io.hamlet.manager.wire.Hello;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The bus and nothing else: three of it in this process, 200 bytes from the first to the second at
 * a pace. Prints the nanoseconds of each from the call to the listener, and the rate per second
 * without a pace.
 */
final class BusOneWay {
  private static final int BYTES = 200;
  private static final int WARM = 3000;
  private static final int PORTS = 10;

  private BusOneWay() {}

  /**
   * @param args number, pace in microseconds, first of 30 ports
   */
  public static void main(String[] args) throws Exception {
    int count = Integer.parseInt(args[0]);
    long pace = Long.parseLong(args[1]) * 1000;
    List<JGroupsBus> all = new ArrayList<>();
    Ears ears = new Ears();
    List<BusConfig.Seed> seeds = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      seeds.add(new BusConfig.Seed("127.0.0.1", Integer.parseInt(args[2]) + i * PORTS));
    }
    try {
      for (int i = 0; i < 3; i++) {
        Member own = new Member("n" + i, Member.Role.HAM, i + 1, 1, "");
        Hello hello = new Hello(Hello.VERSION, "bench", "", own, 0, 0, "");
        int port = seeds.get(i).port();
        BusConfig config = new BusConfig(InetAddress.getLoopbackAddress(), port, seeds, null, null);
        JGroupsBus bus = new JGroupsBus(config, hello, System::nanoTime, ears);
        all.add(bus);
        bus.start();
      }
      ClusterBus from = all.getFirst();
      while (from.ham("n1") == null || all.get(1).ham("n0") == null || from.ham("n2") == null) {
        TimeUnit.MILLISECONDS.sleep(50);
      }
      run(from, ears, WARM, pace);
      for (long nanos : run(from, ears, count, pace)) {
        System.out.println(nanos);
      }
      long begin = System.nanoTime();
      run(from, ears, count * 10, 0);
      System.out.println("rate " + count * 10 * 1_000_000_000L / (System.nanoTime() - begin));
    } finally {
      all.forEach(JGroupsBus::close);
    }
  }

  private static long[] run(ClusterBus from, Ears ears, int count, long pace) throws Exception {
    ears.expect(count);
    Member to = from.ham("n1");
    long due = System.nanoTime();
    for (int i = 0; i < count; i++) {
      for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      due += pace;
      byte[] message = ByteBuffer.allocate(BYTES).putLong(0, System.nanoTime()).array();
      while (!from.send(to, Subject.ERRAND, message)) {
        LockSupport.parkNanos(10_000);
      }
    }
    ears.all.await();
    return ears.nanos;
  }

  /** Of one sender by one thread at a time. */
  private static final class Ears implements ClusterBus.Listener {
    private volatile long[] nanos = {};
    private volatile CountDownLatch all = new CountDownLatch(0);
    private int count;

    void expect(int number) {
      count = 0;
      nanos = new long[number];
      all = new CountDownLatch(number);
    }

    @Override
    public void received(Member from, Subject subject, byte[] message) {
      nanos[count++] = System.nanoTime() - ByteBuffer.wrap(message).getLong();
      all.countDown();
    }

    @Override
    public void viewChanged(List<Member> members) {}
  }
}
