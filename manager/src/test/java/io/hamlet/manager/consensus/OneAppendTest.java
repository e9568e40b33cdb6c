package io.hamlet.manager.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.ServerCall;
import org.apache.ratis.thirdparty.io.grpc.ServerCallHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OneAppendTest {
  private static final AppendEntriesRequestProto SIGN =
      AppendEntriesRequestProto.getDefaultInstance();
  private static final AppendEntriesRequestProto ENTRIES =
      SIGN.toBuilder().addEntries(LogEntryProto.getDefaultInstance()).build();

  private OneAppend appends = new OneAppend(Duration.ofMinutes(1));
  private final CountDownLatch done = new CountDownLatch(1);
  private final AtomicInteger atWork = new AtomicInteger();
  private final AtomicInteger signs = new AtomicInteger();
  private final List<Thread> senders = new ArrayList<>();

  /** Seen in a siege: the second was refused, and that voter never stood for election again. */
  @Test
  void theEntriesOfAnotherStreamWaitAndSignsOfLifeDoNot() throws Exception {
    send(ENTRIES);
    await().until(() -> atWork.get() == 1);
    Thread second = send(ENTRIES);
    await().until(() -> second.getState() == Thread.State.TIMED_WAITING);
    send(SIGN);
    await().until(() -> signs.get() == 1);
    assertThat(atWork).as("at the same time").hasValue(1);
    done.countDown();
    for (Thread sender : senders) {
      sender.join();
    }
    assertThat(atWork).hasValue(2);
  }

  @Test
  void whatHangsHoldsUpNobodyForEver() {
    appends = new OneAppend(Duration.ofMillis(20));
    send(ENTRIES);
    await().until(() -> atWork.get() == 1);
    send(ENTRIES);
    await().until(() -> atWork.get() == 2);
    done.countDown();
  }

  /** Each on a stream of its own. */
  private Thread send(AppendEntriesRequestProto message) {
    ServerCall.Listener<AppendEntriesRequestProto> stream =
        appends.interceptCall(null, new Metadata(), voter());
    Thread sender = Thread.ofPlatform().start(() -> stream.onMessage(message));
    senders.add(sender);
    return sender;
  }

  private ServerCallHandler<AppendEntriesRequestProto, Object> voter() {
    return (call, headers) ->
        new ServerCall.Listener<>() {
          @Override
          public void onMessage(AppendEntriesRequestProto message) {
            if (message.getEntriesCount() == 0) {
              signs.incrementAndGet();
              return;
            }
            atWork.incrementAndGet();
            try {
              done.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }
        };
  }
}
