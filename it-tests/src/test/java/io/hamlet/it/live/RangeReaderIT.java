package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.it.sample.RangeReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The original's example: a saved offset, and a server that is killed and restarted in between. */
class RangeReaderIT extends LiveTest {
  private static final int KILLS = 5;

  @Test
  void noByteIsLostOrDoubledAndTheRecoveriesAreCounted() throws Exception {
    byte[] content = new byte[6_000_000];
    new Random(1).nextBytes(content);
    Programs.Server nginx = files(content);
    long pid = watched("web", nginx.command().build()).pid();
    Until.isTrue("nginx serves", nginx::servesHttp);
    RangeReader reader = new RangeReader(URI.create("http://127.0.0.1:" + nginx.port() + "/file"));
    CountDownLatch[] marks = new CountDownLatch[KILLS];
    for (int i = 0; i < KILLS; i++) {
      marks[i] = new CountDownLatch(content.length * (i + 1) / (KILLS + 1));
    }
    ByteArrayOutputStream copy =
        new ByteArrayOutputStream() {
          @Override
          public void write(byte[] bytes, int from, int length) {
            super.write(bytes, from, length);
            for (CountDownLatch mark : marks) {
              for (int i = 0; i < length && mark.getCount() > 0; i++) {
                mark.countDown();
              }
            }
          }
        };
    FutureTask<Void> copying =
        new FutureTask<>(
            () -> {
              reader.copy(content.length, copy);
              return null;
            });
    Thread.startVirtualThread(copying);
    for (int kill = 0; kill < KILLS; kill++) {
      CountDownLatch mark = marks[kill];
      Until.isTrue(
          "mark " + kill + " reached, " + copying,
          () -> copying.isDone() || mark.await(100, TimeUnit.MILLISECONDS));
      assertThat(copying.state()).as(copying + "").isEqualTo(Future.State.RUNNING);
      Proc.signal("KILL", pid);
      pid = successor("web", pid);
      // A next kill amid a recovery would be a part of the same one.
      int recovered = kill + 1;
      Until.isTrue("it goes on, " + copying, () -> reader.recoveries() == recovered);
    }
    copying.get(60, TimeUnit.SECONDS);
    assertThat(copy.toByteArray()).isEqualTo(content);
    assertThat(reader.recoveries()).isEqualTo(KILLS);
    assertThat(node.object("web").restarts()).isEqualTo(KILLS);
  }

  /** Slow enough to be killed in the middle; one process, so that a kill ends all of it. */
  private Programs.Server files(byte[] content) throws IOException {
    Programs.Server hello = Programs.nginx(directory, false);
    Path root = Files.createDirectories(hello.directory().resolve("files"));
    Files.write(root.resolve("file"), content);
    Path conf = hello.directory().resolve("nginx.conf");
    String text =
        Files.readString(conf)
            .replace("worker_processes 2;", "master_process off; user root;")
            .replace("location / { return 200 \"hello\"; }", "limit_rate 1m; root " + root + ";");
    Files.writeString(conf, text);
    return new Programs.Server(hello.directory(), hello.port(), hello.argv(), hello.pidFile());
  }
}
