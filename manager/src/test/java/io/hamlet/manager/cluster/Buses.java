package io.hamlet.manager.cluster;

import static org.awaitility.Awaitility.await;

import io.hamlet.manager.port.ClusterBus;
import io.hamlet.manager.port.Member;
import io.hamlet.manager.port.Member.Role;
import io.hamlet.manager.port.Subject;
import io.hamlet.manager.wire.Hello;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import org.awaitility.core.ConditionFactory;

/** Buses of one cluster that find each other, each run on addresses of its own. */
final class Buses implements AutoCloseable {
  static final ConditionFactory AWAIT = await().atMost(Duration.ofMinutes(1));

  final List<JGroupsBus> all = new ArrayList<>();

  /** {@code SENDER to RECEIVER} for each message. */
  final List<String> got = new CopyOnWriteArrayList<>();

  private final byte[] net = {127, (byte) ThreadLocalRandom.current().nextInt(1, 255), 0, 0};
  private String first;

  /** Opens one more, for a HAM. */
  JGroupsBus join(String node) throws Exception {
    net[3]++;
    InetAddress own = InetAddress.getByAddress(net);
    first = all.isEmpty() ? own.getHostAddress() : first;
    BusConfig config =
        new BusConfig(own, 4227, List.of(new BusConfig.Seed(first, 4227)), null, null);
    Member self = new Member(node, Role.HAM, net[3], 1, "");
    Hello hello = new Hello(Hello.VERSION, "test", "", self, 1, 0, "");
    JGroupsBus bus =
        new JGroupsBus(
            config,
            hello,
            System::nanoTime,
            new ClusterBus.Listener() {
              @Override
              public void received(Member from, Subject subject, byte[] message) {
                got.add(from.node() + " to " + node);
              }

              @Override
              public void viewChanged(List<Member> members) {}
            });
    all.add(bus);
    bus.start();
    AWAIT.until(() -> bus.channel() != null);
    return bus;
  }

  /** Closes one. */
  void remove(JGroupsBus bus) {
    all.remove(bus);
    bus.close();
  }

  static List<String> nodes(JGroupsBus bus) {
    return bus.view().stream().map(Member::node).toList();
  }

  @Override
  public void close() {
    all.forEach(JGroupsBus::close);
  }
}
