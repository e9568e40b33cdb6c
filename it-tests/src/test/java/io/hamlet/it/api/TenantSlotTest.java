package io.hamlet.it.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.hamlet.core.model.Entity;
import io.hamlet.core.model.Flags;
import io.hamlet.core.model.Grant;
import io.hamlet.core.model.Heartbeat;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.ProcessSpec;
import io.hamlet.core.model.RequestId;
import io.hamlet.core.recovery.Command;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.manager.port.Ack;
import io.hamlet.v1.AckLevel;
import io.hamlet.v1.AttachSelfRequest;
import io.hamlet.v1.AttachSelfResponse;
import io.hamlet.v1.HamGrpc;
import io.hamlet.v1.RequestHeader;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A program of the cluster's attaches itself by its name there, and beats where it is watched. */
class TenantSlotTest {
  private static final Name NAME = new Name("me");
  private static final RequestId UNNAMED = new RequestId(0, 0, 0);
  private static final long PID = ProcessHandle.current().pid();
  private Bench bench;
  private ManagedChannel channel;

  @BeforeEach
  void start() throws Exception {
    bench = new Bench();
    channel = NettyChannelBuilder.forAddress("127.0.0.1", bench.port()).usePlaintext().build();
    Entity definition = definition();
    bench.brain.nextPid(PID);
    bench.brain.post(new HamEvent.RightGained(1));
    bench.brain.post(new HamEvent.Granted(NAME, new Grant(1, 1, 0, false), definition));
    await().until(() -> tenant() != null && tenant().pid() == PID);
  }

  @AfterEach
  void stop() throws Exception {
    channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
    bench.close();
  }

  @Test
  void aRepeatedRequestGetsTheSlotOfTheFirst() {
    AttachSelfResponse first = attach(1);
    AttachSelfResponse again = attach(1);
    assertThat(again.getSlot()).isEqualTo(first.getSlot());
    assertThat(again.getSlot()).isEqualTo(tenant().heartbeat().slot());
  }

  @Test
  void theNodesOwnEntityOfThatNameIsAnother() throws Exception {
    Heartbeat others = new Heartbeat(1_000_000_000, 0, 3, Heartbeat.Health.OK, 7, 1);
    ProcessId other = new ProcessId(1, 1);
    submit(bench.brain, new Command.AttachSelf(NAME, other, others, Flags.OfEntity.NONE));
    assertThat(attach(1).getSlot()).isEqualTo(tenant().heartbeat().slot()).isNotEqualTo(7);
  }

  private Entity tenant() {
    return bench.brain.state().entity(Grant.local(NAME));
  }

  private AttachSelfResponse attach(long sequence) {
    return HamGrpc.newBlockingStub(channel)
        .attachSelf(
            AttachSelfRequest.newBuilder()
                .setHeader(
                    RequestHeader.newBuilder()
                        .setAck(AckLevel.ACK_LEVEL_LOCAL)
                        .setClient(5)
                        .setSequence(sequence))
                .setName(NAME.value())
                .setPid(PID)
                .setPeriodNs(1_000_000_000)
                .setHighMark(3)
                .build());
  }

  /** As it stands in the tree of the cluster. */
  private static Entity definition() throws Exception {
    try (Brain tree = new Brain()) {
      ProcessSpec spec = ProcessSpec.of(List.of("/bin/me"));
      submit(tree, new Command.Attach(NAME, null, spec, Flags.OfEntity.NONE));
      return tree.state().entity(NAME);
    }
  }

  private static void submit(Brain to, Command command) throws Exception {
    to.submit(UNNAMED, command, Ack.LOCAL, Duration.ofSeconds(10)).get();
  }
}
