package io.hamlet.agent.basic.cluster;

import io.hamlet.client.Command;
import io.hamlet.client.Condition;
import io.hamlet.client.ConditionSpec;
import io.hamlet.client.Deed;
import io.hamlet.client.Entity;
import io.hamlet.client.Flag;
import io.hamlet.client.Ham;
import io.hamlet.client.HamException;
import io.hamlet.client.Rearm;
import io.hamlet.client.RestartPolicy;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * What this daemon tells the others: lines that an entity of its node prints, whose output the
 * managers hand to whoever asks, from any node. Thread-safe.
 */
public final class Outlet {
  /** The entity, on each node that has a daemon. */
  static final String ENTITY = "basic-results";

  private static final int MOST = 2_000;
  private static final String LAST = "end";
  private static final String PRINT =
      "[ -p \"$1\" ] && exec 3<>\"$1\" || exit; while IFS= read -r line <&3; do [ \"$line\" = "
          + LAST
          + " ] && exit; printf '%s\\n' \"$line\"; done";

  /** Whose home was removed is not started again and again at once. */
  private static final RestartPolicy PAUSES =
      RestartPolicy.NONE.backOff(Duration.ofMillis(100), Duration.ofSeconds(30));

  private final Ham ham;
  private final Path pipe;
  private final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>(MOST);
  private Thread thread;

  /**
   * Nothing is told yet.
   *
   * @param pipe a named pipe that is there
   */
  public Outlet(Ham ham, Path pipe) {
    this.ham = ham;
    this.pipe = pipe;
  }

  /** Makes the entity, or finds that of an earlier daemon. Throws HamException. */
  public void open() throws InterruptedException {
    try {
      Entity entity =
          ham.attach(ENTITY, Command.of("/bin/sh", "-c", PRINT, "basic", pipe.toString()));
      ConditionSpec death =
          ConditionSpec.death().rearm(Rearm.ON).with(Flag.OfCondition.KEEP_ON_EMPTY);
      Condition died = entity.condition("died", death);
      died.action("again", new Deed.Restart(List.of(), PAUSES), Rearm.ON);
    } catch (HamException.Refused e) {
      if (e.reason() != HamException.Reason.EXISTS) {
        throw e;
      }
    }
    thread = Thread.ofPlatform().name("basic-outlet").daemon().start(this::work);
  }

  /** Tells a line, or drops it when nobody takes them: the next result says the same. */
  public void say(String line) {
    if (!lines.offer(line)) {
      lines.poll();
      lines.offer(line);
    }
  }

  private void work() {
    // Our own reader end: a writer is not held up by a reader that is being started.
    try (RandomAccessFile out = new RandomAccessFile(pipe.toFile(), "rw")) {
      while (true) {
        String line = lines.take();
        out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        if (line.equals(LAST)) {
          return;
        }
      }
    } catch (IOException | InterruptedException e) {
      // The daemon ends.
    }
  }

  /** The entity ends with it. */
  public void close() throws InterruptedException {
    if (thread == null) {
      return;
    }
    try {
      ham.named(ENTITY).detach();
    } catch (HamException e) {
      // Its manager is gone, or it is.
    }
    lines.clear();
    say(LAST);
    thread.join(1_000);
    thread.interrupt();
  }
}
