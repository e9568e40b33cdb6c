package io.hamlet.manager.cluster;

import static io.hamlet.manager.cluster.Buses.AWAIT;
import static io.hamlet.manager.cluster.Buses.nodes;

import io.hamlet.manager.port.Member;
import io.hamlet.manager.port.Subject;
import java.util.List;
import org.jgroups.Address;
import org.jgroups.protocols.DISCARD;
import org.jgroups.protocols.TP;
import org.jgroups.stack.ProtocolStack;
import org.jgroups.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The first of the members coordinates; one of the others cannot be reached by it any more. */
class OverhearingTest {
  private static final Address LAST = new UUID(Long.MAX_VALUE, Long.MAX_VALUE);

  private final Buses buses = new Buses();

  @AfterEach
  void close() {
    buses.close();
  }

  @Test
  void whomTheCoordinatorDoesNotReachTheOthersStillDo() throws Exception {
    // A merge is led by the least of those it is between, here by the deaf one.
    JGroupsBus a = join("a", new UUID(Long.MIN_VALUE, 0), new UUID(0, 0));
    JGroupsBus b = join("b", address(a), LAST);
    JGroupsBus c = join("c", address(a), LAST);
    for (JGroupsBus bus : buses.all) {
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
    for (JGroupsBus bus : buses.all) {
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
    buses.got.clear();
    AWAIT.until(
        () -> {
          Member there = from.ham(node);
          if (there != null) {
            from.send(there, Subject.ERRAND, new byte[1]);
          }
          return buses.got.contains(sender + " to " + node) && nodes(to).contains(sender);
        });
  }

  /** Joins, and again for as long as its address is not between those. */
  private JGroupsBus join(String node, Address least, Address most) throws Exception {
    JGroupsBus bus = buses.join(node);
    while (address(bus).compareTo(least) < 0 || address(bus).compareTo(most) > 0) {
      buses.remove(bus);
      bus = buses.join(node);
    }
    return bus;
  }
}
