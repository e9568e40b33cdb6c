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
import org.jgroups.Address;
import org.jgroups.protocols.DISCARD;
import org.jgroups.protocols.TP;
import org.jgroups.stack.ProtocolStack;
import org.jgroups.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The first of the members coordinates; one of the others cannot be reached by it any more. */
class OverhearingTest {
  private static final ConditionFactory AWAIT = await().atMost(Duration.ofMinutes(1));

  private static final Address LAST = new UUID(Long.MAX_VALUE, Long.MAX_VALUE);

  /** Each run on addresses of its own. */
  private final byte[] net = {127, (byte) ThreadLocalRandom.current().nextInt(1, 255), 0, 0};

  private String first;
  private final List<JGroupsBus> buses = new ArrayList<>();
  private final List<String> got = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    buses.forEach(JGroupsBus::close);
  }

  @Test
  void whomTheCoordinatorDoesNotReachTheOthersStillDo() throws Exception {
    // A merge is led by the least of those it is between, here by the deaf one.
    JGroupsBus a = join("a", new UUID(Long.MIN_VALUE, 0), new UUID(0, 0));
    JGroupsBus b = join("b", address(a), LAST);
    JGroupsBus c = join("c", address(a), LAST);
    for (JGroupsBus bus : buses) {
      AWAIT.until(() -> nodes(bus).size() == 3);
    }
    DISCARD deafToC = deafen(a, c);
    DISCARD deafToA = deafen(c, a);
    AWAIT.until(() -> !b.channel().view().containsMember(address(c)));
    awaitMessage(b, "b", c, "c");
    awaitMessage(c, "c", b, "b");
    AWAIT.until(() -> nodes(a).equals(List.of("a", "b")));
    deafToC.resetIgnoredMembers();
    deafToA.resetIgnoredMembers();
    for (JGroupsBus bus : buses) {
      AWAIT.until(() -> bus.channel().view().size() == 3 && nodes(bus).size() == 3);
    }
  }

  private static Address address(JGroupsBus bus) {
    return bus.channel().address();
  }

  private static DISCARD deafen(JGroupsBus bus, JGroupsBus to) throws Exception {
    DISCARD deaf = new DISCARD().addIgnoreMember(address(to));
    bus.channel().getProtocolStack().insertProtocol(deaf, ProtocolStack.Position.ABOVE, TP.class);
    return deaf;
  }

  /** What is sent before they know each other again is lost, so it is sent until it arrives. */
  private void awaitMessage(JGroupsBus from, String sender, JGroupsBus to, String node) {
    got.clear();
    AWAIT.until(
        () -> {
          Member there = from.ham(node);
          if (there != null) {
            from.send(there, Subject.ERRAND, new byte[1]);
          }
          return got.contains(sender + " to " + node) && nodes(to).contains(sender);
        });
  }

  /** Joins, and again for as long as its address is not between those. */
  private JGroupsBus join(String node, Address least, Address most) throws Exception {
    JGroupsBus bus = join(node);
    while (address(bus).compareTo(least) < 0 || address(bus).compareTo(most) > 0) {
      buses.remove(bus);
      bus.close();
      bus = join(node);
    }
    return bus;
  }

  private JGroupsBus join(String node) throws Exception {
    net[3]++;
    InetAddress own = InetAddress.getByAddress(net);
    first = buses.isEmpty() ? own.getHostAddress() : first;
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
    buses.add(bus);
    bus.start();
    AWAIT.until(() -> bus.channel() != null);
    return bus;
  }

  private static List<String> nodes(JGroupsBus bus) {
    return bus.view().stream().map(Member::node).toList();
  }
}
