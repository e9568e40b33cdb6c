package io.hamlet.manager.cluster;

import static io.hamlet.manager.cluster.Buses.AWAIT;
import static io.hamlet.manager.cluster.Buses.nodes;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jgroups.Message;
import org.jgroups.protocols.UFC;
import org.jgroups.stack.Protocol;
import org.jgroups.stack.ProtocolStack;
import org.jgroups.util.MessageBatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A hello is said once for each view, and may be lost like all else. */
class LostHelloTest {
  private final Buses buses = new Buses();

  @AfterEach
  void close() {
    buses.close();
  }

  /**
   * It fits what CI saw: for two minutes after a cut a node knew nothing of one that all others
   * saw.
   */
  @Test
  void whoIsReachedAndUnknownIsAsked() throws Exception {
    JGroupsBus a = buses.join("a");
    Deaf deaf = new Deaf();
    a.channel().getProtocolStack().insertProtocol(deaf, ProtocolStack.Position.ABOVE, UFC.class);

    buses.join("b");

    for (JGroupsBus bus : buses.all) {
      AWAIT.until(() -> nodes(bus).equals(List.of("a", "b")));
    }
    assertThat(deaf.missed).hasPositiveValue();
  }

  /** Misses the first that is said to it. */
  private static final class Deaf extends Protocol {
    private static final int MISSES = 2;

    final AtomicInteger missed = new AtomicInteger();

    @Override
    public Object up(Message message) {
      boolean missing = message.hasArray() && missed.get() < MISSES;
      if (missing) {
        missed.incrementAndGet();
        return null;
      }
      return up_prot.up(message);
    }

    @Override
    public void up(MessageBatch batch) {
      batch.forEach(this::up);
    }
  }
}
