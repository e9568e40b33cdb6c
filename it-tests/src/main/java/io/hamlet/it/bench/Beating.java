package io.hamlet.it.bench;

import io.hamlet.client.Condition;
import io.hamlet.client.ConditionSpec;
import io.hamlet.client.ConditionType;
import io.hamlet.client.Deed;
import io.hamlet.client.Entity;
import io.hamlet.client.Ham;
import io.hamlet.client.HamException;
import io.hamlet.client.Heartbeat;
import io.hamlet.client.Rearm;
import io.hamlet.client.SelfAttachment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * An entity that attached itself and beats; killed when it misses too many beats, and restarted
 * when it dies. Says in a file when it beats: "beating NUMBER PID".
 */
final class Beating {
  private Beating() {}

  /**
   * Never ends by itself.
   *
   * @param args server, number, file, period and time between beats in milliseconds, high mark, and
   *     the command by which it is restarted
   */
  public static void main(String[] args) throws Exception {
    String name = "beats" + args[1];
    Duration period = Duration.ofMillis(Long.parseLong(args[3]));
    Duration every = Duration.ofMillis(Long.parseLong(args[4]));
    int mark = Integer.parseInt(args[5]);
    String[] again = List.of(args).subList(6, args.length).toArray(String[]::new);
    Ham ham = Ham.connect(args[0]);
    warmUp(ham, name, every);
    SelfAttachment self = ham.attachSelf(name, new Heartbeat(period, 0, mark));
    self.beatEvery(every);
    prepare(self.entity(), again);
    Files.writeString(
        Path.of(args[2]),
        "beating " + args[1] + " " + ProcessHandle.current().pid() + "\n",
        StandardOpenOption.APPEND);
    new CountDownLatch(1).await();
  }

  /**
   * Code that runs for the first time is slower than the shortest mark allows. Under its own name:
   * a process is one entity only, and attaching once more gives it its real marks.
   */
  private static void warmUp(Ham ham, String name, Duration every) throws InterruptedException {
    try (SelfAttachment self = ham.attachSelf(name, new Heartbeat(Duration.ofSeconds(1), 0, 0))) {
      self.beatEvery(every);
      ham.status();
    }
  }

  private static void prepare(Entity entity, String[] again) throws InterruptedException {
    try {
      Condition hung =
          entity.condition(
              "hung", ConditionSpec.of(ConditionType.BEAT_MISSED_HIGH).rearm(Rearm.ON));
      hung.action("kill", Deed.signalSelf(9), Rearm.ON);
      Condition died = entity.condition("died", ConditionSpec.death().rearm(Rearm.ON));
      died.action("again", Deed.restart(again), Rearm.ON);
    } catch (HamException.Refused e) {
      // A successor finds what its predecessor has asked for.
      if (e.reason() != HamException.Reason.EXISTS) {
        throw e;
      }
    }
  }
}
