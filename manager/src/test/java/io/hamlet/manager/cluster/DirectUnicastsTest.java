package io.hamlet.manager.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jgroups.BytesMessage;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.Receiver;
import org.jgroups.View;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Three members of one host; which threads of the second tell it what. */
class DirectUnicastsTest {
  private static final int TRIES = 20;
  private static final int PORTS_OF_A_NODE = 10;

  private final Random random = new Random();
  private final List<JChannel> members = new ArrayList<>();
  private final Map<Integer, Thread> views = new ConcurrentHashMap<>();
  private final CountDownLatch whole = new CountDownLatch(1);
  private final CountDownLatch heard = new CountDownLatch(1);
  private volatile Thread reader;
  private int first;

  @AfterEach
  void close() {
    members.forEach(JChannel::close);
  }

  /** A view may wait for a connection, and all that is said to a member waits for its reader. */
  @Test
  void theThreadThatReadsHandsMessagesUpAndNoViews() throws Exception {
    open(null);
    open(
        new Receiver() {
          @Override
          public void viewAccepted(View view) {
            views.put(view.size(), Thread.currentThread());
            if (view.size() == 3) {
              whole.countDown();
            }
          }

          @Override
          public void receive(Message message) {
            reader = Thread.currentThread();
            heard.countDown();
          }
        });
    open(null);
    assertThat(whole.await(1, TimeUnit.MINUTES)).isTrue();

    members.getFirst().send(new BytesMessage(members.get(1).getAddress(), new byte[] {1}));

    assertThat(heard.await(1, TimeUnit.MINUTES)).isTrue();
    assertThat(reader.getName()).startsWith("NioServer");
    assertThat(views.get(3)).isNotSameAs(reader);
  }

  private void open(Receiver receiver) throws Exception {
    for (int i = 1; ; i++) {
      int port = 20_000 + random.nextInt(1_000) * PORTS_OF_A_NODE;
      List<BusConfig.Seed> seeds = new ArrayList<>();
      if (!members.isEmpty()) {
        seeds.add(new BusConfig.Seed("127.0.0.1", first));
      }
      BusConfig config = new BusConfig(InetAddress.getLoopbackAddress(), port, seeds, null, null);
      JChannel channel =
          new JChannel(Stack.of(config, 0, new Overhearing((other, apart) -> {}, () -> {})));
      try {
        channel.setReceiver(receiver).connect("test");
        members.add(channel);
        first = first == 0 ? port : first;
        return;
      } catch (Exception e) {
        channel.close();
        if (i == TRIES) {
          throw e; // Not only because somebody has those ports.
        }
      }
    }
  }
}
