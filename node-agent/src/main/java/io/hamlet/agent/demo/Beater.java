package io.hamlet.agent.demo;

import io.hamlet.client.Ham;
import io.hamlet.client.Heartbeat;
import io.hamlet.client.SelfAttachment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.logging.LogManager;

/** A program that knows of Hamlet: it attaches itself and beats until it is killed. */
public final class Beater {
  /** First word of its command line behind the class. */
  public static final String WORD = "demo-beater";

  /** A second and two: longer than a busy host lets it wait. */
  private static final Heartbeat CONTRACT = new Heartbeat(Duration.ofMillis(200), 5, 10);

  private static final Duration EVERY = Duration.ofMillis(20);

  private Beater() {}

  /** Its command line, with this very JVM and class path. */
  static List<String> command(String server, String name) {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("/usr/bin/java"));
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx64m"));
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-Xlog:disable"));
    command.add("-Dio.netty.transport.noNative=true");
    command.add("-Dslf4j.provider=org.slf4j.helpers.NOP_FallbackServiceProvider");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("io.hamlet.agent.Main", WORD, server, name));
    return command;
  }

  /** Never returns. */
  public static void main(List<String> words) throws InterruptedException {
    LogManager.getLogManager().reset();
    try (Ham ham = Ham.connect(words.get(0));
        SelfAttachment self = ham.attachSelf(words.get(1), CONTRACT)) {
      self.beatEvery(EVERY);
      new CountDownLatch(1).await();
    }
  }
}
