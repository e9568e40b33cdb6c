package io.hamlet.it.live;

import io.hamlet.client.Flag;
import io.hamlet.client.Ham;
import io.hamlet.client.Heartbeat;
import io.hamlet.client.SelfAttachment;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A program that knows of Hamlet: attaches itself and beats until it is stopped. */
public final class Beater {
  /** A JVM that pauses on a busy machine is not to be taken for one that hangs. */
  private static final Heartbeat HEARTBEAT = new Heartbeat(Duration.ofMillis(500), 4, 10);

  private Beater() {}

  public static void main(String[] args) throws InterruptedException {
    Ham ham = Ham.connect(args[0]);
    SelfAttachment self = ham.attachSelf(args[1], HEARTBEAT, Flag.OfEntity.KEEP_ON_DEATH);
    self.beatEvery(Duration.ofMillis(10));
    new CountDownLatch(1).await();
  }

  /** How to start it as an entity of that name. */
  static List<String> command(String address, String name) {
    return OtherJvm.command("--enable-native-access=ALL-UNNAMED", Beater.class, address, name);
  }
}
