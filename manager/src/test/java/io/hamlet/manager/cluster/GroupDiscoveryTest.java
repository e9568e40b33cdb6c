package io.hamlet.manager.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Random;
import org.jgroups.BytesMessage;
import org.jgroups.Message;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.MPING;
import org.jgroups.protocols.PingHeader;
import org.jgroups.util.UUID;
import org.junit.jupiter.api.Test;

/** What comes by a multicast group is a question of somebody with the key, or nothing. */
class GroupDiscoveryTest {
  private static final byte[] KEY = new byte[32];
  private static final byte[] OTHER = new byte[32];

  static {
    KEY[0] = 2;
    OTHER[0] = 1;
  }

  private final GroupDiscovery asking = discovery(KEY);
  private final GroupDiscovery asked = discovery(KEY);

  private static GroupDiscovery discovery(byte[] key) {
    InetAddress here = InetAddress.getLoopbackAddress();
    InetSocketAddress group = new InetSocketAddress("239.192.42.26", 4236);
    return new GroupDiscovery(new BusConfig(here, 4227, List.of(), group, key));
  }

  private static Message message(byte type) {
    PingHeader header = new PingHeader(type).clusterName("x");
    short id = ClassConfigurator.getProtocolId(MPING.class);
    return new BytesMessage(null).setSrc(UUID.randomUUID()).putHeader(id, header);
  }

  private static Message question() {
    return message(PingHeader.GET_MBRS_REQ);
  }

  private static Message read(GroupDiscovery by, byte[] bytes) {
    return by.question(bytes, bytes.length);
  }

  @Test
  void aQuestionArrives() throws Exception {
    Message question = question();
    Message read = read(asked, asking.written(question));
    assertThat(read.getSrc()).isEqualTo(question.getSrc());
  }

  @Test
  void withoutAKeyItArrivesToo() throws Exception {
    Message question = question();
    Message read = read(discovery(null), discovery(null).written(question));
    assertThat(read.getSrc()).isEqualTo(question.getSrc());
  }

  @Test
  void whoDoesNotHaveTheKeyIsNotHeard() throws Exception {
    assertThat(read(asked, discovery(null).written(question()))).isNull();
    assertThat(read(asked, discovery(OTHER).written(question()))).isNull();
  }

  @Test
  void whatWasSeenBeforeIsNotHeard() throws Exception {
    byte[] bytes = asking.written(question());
    assertThat(read(asked, bytes)).isNotNull();
    assertThat(read(asked, bytes)).isNull();
  }

  /** JGroups would hand it to the bus. */
  @Test
  void nothingElseComesInByIt() throws Exception {
    Message noQuestion = new BytesMessage(null, new byte[] {1, 2, 3}).setSrc(UUID.randomUUID());
    for (byte[] key : new byte[][] {KEY, null}) {
      GroupDiscovery by = discovery(key);
      assertThat(read(by, discovery(key).written(noQuestion))).isNull();
      assertThat(read(by, discovery(key).written(message(PingHeader.GET_MBRS_RSP)))).isNull();
      assertThat(read(by, discovery(key).written(question().setDest(UUID.randomUUID())))).isNull();
    }
  }

  @Test
  void garbageIsNothing() {
    Random random = new Random(1);
    for (int i = 0; i < 2_000; i++) {
      byte[] bytes = new byte[random.nextInt(600)];
      random.nextBytes(bytes);
      assertThat(read(asked, bytes)).isNull();
      assertThat(read(discovery(null), bytes)).isNull();
    }
  }
}
