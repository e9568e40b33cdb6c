package io.hamlet.agent.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.recovery.Effect;
import io.hamlet.core.recovery.HamEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signals and paths. */
class LinuxNotifierTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir Path directory;
  private Bench bench;

  @BeforeEach
  void open() {
    bench = new Bench(directory);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private EffectId send(ProcessId to, int signal, int code, long value) {
    EffectId id = bench.nextEffect();
    bench.run(() -> bench.notifier.signal(new Effect.Signal(id, to, signal, code, value)));
    return id;
  }

  @Test
  void valueAndCodeArriveWithTheSignal() throws IOException {
    Path seen = directory.resolve("seen");
    String program =
        "import signal,sys\nsignal.pthread_sigmask(signal.SIG_BLOCK,[40])\n"
            + "open('"
            + seen
            + ".ready','w').close()\n"
            + "i=signal.sigwaitinfo([40])\n"
            + "open('"
            + seen
            + "','w').write('%d %d'%(i.si_signo,i.si_code))\n";
    HamEvent.Started started = bench.start("/usr/bin/python3", "-c", program);
    await().atMost(PATIENCE).until(() -> Files.exists(Path.of(seen + ".ready")));
    EffectId id = send(started.process(), 40, -7, 99);
    bench.event(HamEvent.Done.class, e -> e.effect().equals(id));
    await().atMost(PATIENCE).until(() -> Files.exists(seen) && Files.size(seen) > 0);
    assertThat(Files.readString(seen)).isEqualTo("40 -7");
  }

  @Test
  void positiveCodeTravelsInTheUpperHalfOfTheValue() {
    assertThat(LinuxNotifier.payload(5, -2)).isEqualTo(0x5_FFFF_FFFEL);
    assertThat(LinuxNotifier.payload(0, -2)).isEqualTo(-2);
    assertThat(LinuxNotifier.payload(5, 1L << 40)).isEqualTo(1L << 40);
  }

  @Test
  void plainSignalArrives() {
    HamEvent.Started started = bench.start("/bin/sleep", "1000");
    bench.watch(1, started.process(), started.home());
    send(started.process(), 15, 0, 0);
    assertThat(bench.death(1).exit().value()).isEqualTo(15);
  }

  @Test
  void processThatIsGoneOrAnotherGetsNoSignal() {
    HamEvent.Started started = bench.start("/bin/sleep", "1000");
    ProcessId earlier = new ProcessId(started.process().pid(), started.process().startTime() - 1);
    EffectId id = send(earlier, 9, 0, 0);
    assertThat(bench.event(HamEvent.Failed.class, e -> e.effect().equals(id)).why())
        .contains("gone");
    assertThat(bench.proc.isThere(started.process())).isTrue();
  }

  private EffectId awaitPath(Path path) {
    EffectId id = bench.nextEffect();
    bench.run(() -> bench.notifier.awaitPath(new Effect.AwaitPath(id, path.toString())));
    return id;
  }

  @Test
  void pathWhoseDirectoriesComeOneByOneIsSeen() throws IOException {
    Path path = directory.resolve("a/b/c/file");
    EffectId id = awaitPath(path);
    assertThat(bench.events).isEmpty();
    Files.createDirectories(path.getParent());
    Files.createFile(path);
    bench.event(HamEvent.Done.class, e -> e.effect().equals(id));
  }

  @Test
  void pathThatExistsIsSeenAtOnceAndAForgottenOneNever() throws IOException {
    Path path = directory.resolve("file");
    EffectId forgotten = awaitPath(path);
    bench.run(() -> bench.notifier.forget(new Effect.Forget(forgotten)));
    Files.createFile(path);
    EffectId id = awaitPath(path);
    bench.event(HamEvent.Done.class, e -> e.effect().equals(id));
    assertThat(bench.events).hasSize(1);
  }

  @Test
  void pathThatIsMovedIntoPlaceIsSeen() throws IOException {
    Path path = directory.resolve("there");
    EffectId id = awaitPath(path);
    Path made = Files.createDirectory(directory.resolve("elsewhere"));
    Files.move(made, path);
    bench.event(HamEvent.Done.class, e -> e.effect().equals(id));
  }
}
