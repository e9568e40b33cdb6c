package io.hamlet.it.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hamlet.it.TestAbreast;
import io.hamlet.it.live.Ports;
import io.hamlet.it.live.Until;
import io.hamlet.manager.cluster.BusConfig;
import io.hamlet.manager.cluster.JGroupsBus;
import io.hamlet.manager.port.Member;
import io.hamlet.manager.port.Member.Role;
import io.hamlet.manager.port.Subject;
import io.hamlet.manager.wire.Hello;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;

/** The real one, on loopback; each member with threads and sockets of its own. */
class JGroupsBusTest extends BusContract {
  private static final byte[] KEY = new byte[32];

  private final Map<String, Integer> ports = new TreeMap<>();
  private final List<Station> stations = new ArrayList<>();
  private final CountDownLatch loose = new CountDownLatch(1);
  private int pids = 100;

  @AfterEach
  void closeAll() {
    loose.countDown();
    stations.forEach(this::kill);
  }

  @Override
  protected Station join(String node, Role role) {
    return join(new Station(), "test", node, role, KEY);
  }

  private Station join(Station station, String cluster, String node, Role role, byte[] key) {
    station.self = new Member(node, role, pids++, 1, "127.0.0.1:" + pids);
    ports.computeIfAbsent("a", n -> Ports.freeRange());
    int port = ports.computeIfAbsent(node, n -> Ports.freeRange());
    BusConfig config =
        new BusConfig(
            InetAddress.getLoopbackAddress(),
            port,
            List.of(new BusConfig.Seed("localhost", ports.get("a"))),
            null,
            key);
    JGroupsBus bus =
        new JGroupsBus(config, hello(cluster, "", station.self), System::nanoTime, station);
    station.bus = bus;
    stations.add(station);
    bus.start();
    return station;
  }

  private static Hello hello(String cluster, String id, Member self) {
    return new Hello(Hello.VERSION, cluster, id, self, 1, 0, "");
  }

  @Override
  protected void kill(Station station) {
    ((JGroupsBus) station.bus).close();
  }

  @Override
  protected void until(String awaited, Callable<Boolean> fact) {
    Until.isTrue(awaited, fact);
  }

  @Override
  protected Station stuck(String node) {
    Station never =
        new Station() {
          @Override
          public void received(Member from, Subject subject, byte[] message) {
            try {
              loose.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }
        };
    return join(never, "test", node, Role.HAM, KEY);
  }

  @Override
  protected void loosen(Station station) {
    loose.countDown();
  }

  @TestAbreast
  void anotherClusterIsRefusedAndTold() {
    Station a = join("a", Role.HAM);
    Station b = join(new Station(), "other", "b", Role.HAM, KEY);
    until("a tells", () -> notices(a).stream().anyMatch(n -> n.contains("cluster 'other'")));
    until("b tells", () -> notices(b).stream().anyMatch(n -> n.contains("cluster 'test'")));
    assertThat(a.bus.view()).containsExactly(a.self);
    assertThat(a.bus.send(b.self, Subject.ERRAND, new byte[1])).isFalse();
    assertThat(b.received).isEmpty();
  }

  @TestAbreast
  void anotherIdIsRefusedOnceBothAreKnown() {
    Station a = join("a", Role.HAM);
    Station b = join("b", Role.HAM);
    until("they meet", () -> a.bus.view().size() == 2 && b.bus.view().size() == 2);
    ((JGroupsBus) a.bus).announce(hello("test", "id-1", a.self));
    assertThat(a.bus.view()).hasSize(2);
    ((JGroupsBus) b.bus).announce(hello("test", "id-2", b.self));
    until("a refuses b", () -> a.bus.view().size() == 1);
    until("b refuses a", () -> b.bus.view().size() == 1);
    assertThat(notices(a)).singleElement().asString().contains("node 'b'", "id id-2, here id-1");
    ((JGroupsBus) b.bus).announce(hello("test", "id-1", b.self));
    until("they are one again", () -> a.bus.view().size() == 2 && b.bus.view().size() == 2);
    assertThat(notices(a)).isEmpty();
  }

  @TestAbreast
  void anotherVersionIsRefusedAndTold() {
    Station a = join("a", Role.HAM);
    Station b = join("b", Role.HAM);
    until("they meet", () -> a.bus.view().size() == 2);
    Hello newer = new Hello(Hello.VERSION + 1, "test", "", b.self, 1, 0, "");
    ((JGroupsBus) b.bus).announce(newer);
    until("a refuses b", () -> a.bus.view().size() == 1);
    assertThat(notices(a))
        .singleElement()
        .asString()
        .contains("speaks version " + newer.version() + " of the bus");
  }

  @TestAbreast
  void aGuardianBecomesTheHamOnTheSameChannel() {
    Station a = join("a", Role.HAM);
    Station guardian = join("b", Role.GUARDIAN);
    Station b = join("b", Role.HAM);
    until("all meet", () -> a.bus.view().size() == 3);
    Member promoted = new Member("b", Role.HAM, guardian.self.pid(), 1, "there:1");
    ((JGroupsBus) guardian.bus).announce(new Hello(Hello.VERSION, "test", "", promoted, 2, 0, ""));
    until("a sees the later one", () -> promoted.equals(a.bus.ham("b")));
    assertThat(a.bus.view()).hasSize(2);
    kill(b);
    assertThat(a.bus.send(guardian.self, Subject.ERRAND, new byte[] {5})).isTrue();
    until("it gets what was meant for the Guardian", () -> guardian.received.size() == 1);
  }

  @TestAbreast
  void twoNodesOfOneNameAreTold() {
    Station a = join("a", Role.HAM);
    Station b = join("b", Role.HAM);
    until("they meet", () -> a.bus.view().size() == 2);
    Member twin = new Member("a", Role.HAM, b.self.pid(), 7, "elsewhere:1");
    ((JGroupsBus) b.bus).announce(hello("test", "", twin));
    until("a tells", () -> notices(a).stream().anyMatch(n -> n.contains("call themselves 'a'")));
    assertThat(a.bus.ham("a")).isEqualTo(twin);
  }

  @TestAbreast
  void withoutTheKeyNobodyIsSeenOrHeard() {
    Station a = join("a", Role.HAM);
    Station b = join("b", Role.HAM);
    byte[] wrong = new byte[32];
    wrong[31] = 1;
    Station stranger = join(new Station(), "test", "c", Role.HAM, wrong);
    Station mute = join(new Station(), "test", "d", Role.HAM, null);
    until("a and b meet", () -> a.bus.view().size() == 2 && b.bus.view().size() == 2);
    until("the stranger has begun", () -> !stranger.views.isEmpty() && !mute.views.isEmpty());
    Station c = join("e", Role.HAM);
    until("later ones join as ever", () -> a.bus.view().size() == 3 && c.bus.view().size() == 3);
    assertThat(a.bus.view()).extracting(Member::node).containsExactly("a", "b", "e");
    assertThat(stranger.bus.view()).extracting(Member::node).containsExactly("c");
    assertThat(mute.bus.view()).extracting(Member::node).containsExactly("d");
  }

  /** What listens elsewhere also gives elsewhere as its address, and hosts of one name clash. */
  @TestAbreast
  void itListensAtItsOwnAddressOnly() throws IOException {
    join("a", Role.HAM);
    until("a is open", () -> connects(ports.get("a")) && connects(ports.get("a") + 2));
    InetAddress other = InetAddress.getByName("127.0.0.2");
    for (int port = ports.get("a"); port < ports.get("a") + 10; port++) {
      int tried = port;
      assertThatThrownBy(() -> new Socket(other, tried).close())
          .as("port %d", port)
          .isInstanceOf(ConnectException.class);
    }
  }

  @TestAbreast
  void garbageAndSilenceOnItsPortsDoNoHarm() throws IOException {
    Station a = join("a", Role.HAM);
    until("a is open", () -> connects(ports.get("a")) && connects(ports.get("a") + 2));
    List<Socket> silent = new ArrayList<>();
    Random chance = new Random(4227);
    for (int i = 0; i < 40; i++) {
      for (int port : new int[] {ports.get("a"), ports.get("a") + 2}) {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        if (i % 2 == 0) {
          silent.add(socket);
          continue;
        }
        byte[] noise = new byte[1 + chance.nextInt(5000)];
        chance.nextBytes(noise);
        if (i % 3 == 0) {
          // Begins like the real thing, and then claims two gigabytes.
          System.arraycopy(new byte[] {'b', 'e', 'l', 'a'}, 0, noise, 0, Math.min(4, noise.length));
          Arrays.fill(noise, Math.min(20, noise.length - 1), noise.length, (byte) 0x7f);
        }
        try {
          socket.getOutputStream().write(noise);
        } catch (IOException closed) {
          // As it should be.
        }
        socket.close();
      }
    }
    Station b = join("b", Role.HAM);
    until("b joins all the same", () -> a.bus.view().size() == 2 && b.bus.view().size() == 2);
    assertThat(b.bus.send(a.self, Subject.ERRAND, new byte[] {1})).isTrue();
    until("and is heard", () -> a.received.size() == 1);
    for (Socket socket : silent) {
      socket.close();
    }
  }

  @TestAbreast
  void itOpensWhenItCan() throws IOException {
    int port = Ports.freeRange();
    ports.put("a", port);
    Station a = new Station();
    try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
        ServerSocket _ = new ServerSocket(port + 5, 1, InetAddress.getLoopbackAddress())) {
      join(a, "test", "a", Role.HAM, KEY);
      until("it tells", () -> notices(a).stream().anyMatch(n -> n.contains("cannot open")));
      assertThat(a.bus.view()).containsExactly(a.self);
    }
    until("it opens", () -> notices(a).isEmpty());
    Station b = join("b", Role.HAM);
    until("they meet", () -> a.bus.view().size() == 2 && b.bus.view().size() == 2);
  }

  /**
   * Nobody answers at the place of another, as when a cable is out. The kernel would try the same
   * connection again, later and later; ours are made anew, so that a cable that is back is noticed.
   */
  @TestAbreast
  void aConnectionThatIsNotAnsweredIsMadeAnew() throws IOException {
    int port = Ports.freeRange();
    ports.put("a", port);
    try (ServerSocket busy = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      List<SocketChannel> queue = new ArrayList<>();
      try {
        // As many as wait to be accepted, and then the kernel answers nobody.
        for (int i = 0; i < 8; i++) {
          SocketChannel one = SocketChannel.open();
          one.configureBlocking(false);
          one.connect(busy.getLocalSocketAddress());
          queue.add(one);
        }
        Set<Integer> before = Sockets.to(port, Sockets.DIALLING);
        join("b", Role.HAM);
        Set<Integer> tries = new TreeSet<>();
        until(
            "it dials anew",
            () -> {
              tries.addAll(Sockets.to(port, Sockets.DIALLING));
              tries.removeAll(before);
              return tries.size() > 2;
            });
      } finally {
        for (SocketChannel one : queue) {
          one.close();
        }
      }
    }
  }

  private static boolean connects(int port) {
    try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static List<String> notices(Station station) {
    return ((JGroupsBus) station.bus).notices();
  }
}
