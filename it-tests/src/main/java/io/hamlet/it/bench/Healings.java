package io.hamlet.it.bench;

import io.hamlet.client.Command;
import io.hamlet.client.Condition;
import io.hamlet.client.ConditionSpec;
import io.hamlet.client.Deed;
import io.hamlet.client.Entity;
import io.hamlet.client.Flag;
import io.hamlet.client.Ham;
import io.hamlet.client.Rearm;
import io.hamlet.client.recovery.Ha;
import io.hamlet.client.recovery.Idempotent;
import io.hamlet.client.recovery.Opener;
import io.hamlet.client.recovery.Recovery;
import io.hamlet.client.recovery.Terms;
import io.hamlet.client.recovery.ham.HamServer;
import io.hamlet.it.live.Ports;
import io.hamlet.it.live.Proc;
import io.hamlet.it.live.Until;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Kills a redis that a HAM restarts, again and again, while a covered client calls it in a loop.
 * Prints a line with nanoseconds for each: {@code restart} from the kill to its first answer to
 * somebody who does nothing but try, and {@code beyond}, how much later the client had its next.
 */
final class Healings {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final long REST = 100_000_000;

  private final HamServer server;
  private final int port;

  /** When the client had its first answer after each recovery. */
  private final BlockingQueue<Long> answered = new LinkedBlockingQueue<>();

  private volatile boolean enough;

  private Healings(HamServer server, int port) {
    this.server = server;
    this.port = port;
  }

  /** What the client needs of the server. */
  public interface Pinger extends AutoCloseable {
    @Idempotent
    String ping() throws IOException;

    @Override
    void close() throws IOException;
  }

  private record Wire(Socket socket) implements Pinger {
    private static final byte[] PING = "PING\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final String PONG = "+PONG\r\n";

    /** Connected, and answered once: a server that is still loading is none yet. */
    static Wire dial(int port) throws IOException {
      Wire wire = new Wire(new Socket(InetAddress.getLoopbackAddress(), port));
      try {
        wire.ping();
        return wire;
      } catch (IOException e) {
        wire.close();
        throw e;
      }
    }

    @Override
    public String ping() throws IOException {
      socket.getOutputStream().write(PING);
      byte[] got = socket.getInputStream().readNBytes(PONG.length());
      String said = new String(got, StandardCharsets.US_ASCII);
      if (!said.equals(PONG)) {
        throw new EOFException("no answer: " + said);
      }
      return said;
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  /** Words: server, kills, the program redis-server, a directory for it. */
  public static void main(String[] args) throws Exception {
    int port = Ports.freeRange();
    List<String> argv =
        List.of(
            args[2], "--port", "" + port, "--bind", "127.0.0.1", "--save", "", "--dir", args[3]);
    try (Ham ham = Ham.connect(args[0])) {
      Entity store = ham.attach("store", Command.of(argv), Flag.OfEntity.KEEP_ON_DEATH);
      Condition death = store.condition("dead", ConditionSpec.death().rearm(Rearm.ON));
      death.action("again", Deed.restart(), Rearm.ON);
      try (HamServer server = HamServer.follow(ham, "store")) {
        new Healings(server, port).run(Integer.parseInt(args[1]));
      } finally {
        ham.stopWithEntities(Duration.ofSeconds(1));
      }
    }
  }

  private void run(int kills) throws Exception {
    Opener<Pinger> opener = () -> Wire.dial(port);
    Recovery<Pinger> recovery = Recovery.reopening(opener, PATIENCE);
    firstAnswer();
    Pinger client = Ha.cover(Pinger.class, opener, recovery, Terms.USUAL.server(server));
    Thread caller = Thread.ofPlatform().name("caller").start(() -> call(client));
    for (int i = 0; i < kills; i++) {
      killOnce();
    }
    enough = true;
    caller.join();
    client.close();
  }

  private void call(Pinger client) {
    long seen = 0;
    try {
      while (!enough) {
        client.ping();
        long now = System.nanoTime();
        long recoveries = Ha.connection(client).counters().recoveries();
        if (recoveries > seen) {
          seen = recoveries;
          answered.add(now);
        }
      }
    } catch (IOException e) {
      // Nobody gets an answer any more, and the run ends with that.
    }
  }

  private void killOnce() throws Exception {
    LockSupport.parkNanos(REST);
    long pid = server.now().pid();
    long killed = System.nanoTime();
    Proc.signal("KILL", pid);
    while (Proc.isAlive(pid)) {
      Thread.onSpinWait();
    }
    long back = firstAnswer();
    Long healed = answered.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    if (healed == null) {
      throw new IllegalStateException("the client has no answer");
    }
    System.out.println("restart " + (back - killed));
    System.out.println("beyond " + (healed - back));
    Until.isTrue("the HAM has told", () -> server.now().up() && server.now().pid() != pid);
    answered.clear();
  }

  private long firstAnswer() throws InterruptedException {
    while (true) {
      try (Wire _ = Wire.dial(port)) {
        return System.nanoTime();
      } catch (IOException e) {
        TimeUnit.MICROSECONDS.sleep(200);
      }
    }
  }
}
