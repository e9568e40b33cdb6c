package io.hamlet.manager.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jgroups.EmptyMessage;
import org.jgroups.Message;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.UNICAST3;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.protocols.pbcast.GMS.GmsHeader;
import org.jgroups.stack.Protocol;
import org.jgroups.util.UUID;
import org.junit.jupiter.api.Test;

class MergeOnceTest {
  private static final short MEMBERS = ClassConfigurator.getProtocolId(GMS.class);

  private final List<Message> sent = new ArrayList<>();

  @Test
  void onlyRequestsToMergeAreNotSentAgain() {
    assertThat(send(GmsHeader.MERGE_REQ).isFlagSet(Message.Flag.NO_RELIABILITY)).isTrue();
    for (byte other :
        List.of(
            GmsHeader.MERGE_RSP,
            GmsHeader.INSTALL_MERGE_VIEW,
            GmsHeader.CANCEL_MERGE,
            GmsHeader.VIEW,
            GmsHeader.JOIN_REQ)) {
      assertThat(send(other).isFlagSet(Message.Flag.NO_RELIABILITY)).as("type " + other).isFalse();
    }
  }

  @Test
  void whatIsNotOfTheMembershipIsLeftAlone() {
    Message message = new EmptyMessage(UUID.randomUUID());
    assertThat(sent(message).isFlagSet(Message.Flag.NO_RELIABILITY)).isFalse();
  }

  /** What it marks must not have passed yet where it would be kept and sent again. */
  @Test
  void itIsAboveWhatSendsAgain() throws Exception {
    BusConfig config = new BusConfig(InetAddress.getLoopbackAddress(), 4227, List.of(), null, null);
    List<Class<?>> stack = new ArrayList<>();
    Stack.of(config, 0, new Overhearing((other, apart) -> {}, () -> {}))
        .forEach(p -> stack.add(p.getClass()));
    assertThat(stack).containsSubsequence(UNICAST3.class, MergeOnce.class, GMS.class);
  }

  private Message send(byte type) {
    return sent(new EmptyMessage(UUID.randomUUID()).putHeader(MEMBERS, new GmsHeader(type)));
  }

  private Message sent(Message message) {
    MergeOnce once = new MergeOnce();
    once.setDownProtocol(
        new Protocol() {
          @Override
          public Object down(Message further) {
            sent.add(further);
            return null;
          }
        });
    once.down(message);
    return sent.getLast();
  }
}
