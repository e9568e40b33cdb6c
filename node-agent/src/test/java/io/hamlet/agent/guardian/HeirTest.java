package io.hamlet.agent.guardian;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.agent.os.Kernel;
import io.hamlet.agent.os.SpawnRequest;
import io.hamlet.agent.os.ffm.FfmKernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A Guardian that is made before it is needed. */
class HeirTest {
  private static final int SIGSTOP = 19;
  private static final long LIMIT_NANOS = 30_000_000_000L;

  /** As a HAM says it: the first word names the program once more. */
  private static final SpawnRequest SLEEP =
      new SpawnRequest("/bin/sleep", List.of("sleep", "1000"), List.of("A=B"), List.of());

  private final Kernel kernel = new FfmKernel();
  private Heir heir;
  private long pid;

  @BeforeEach
  void make() {
    heir = Heir.make(kernel, SLEEP);
    pid = heir.pid();
    // Whoever made it goes on when it has a memory of its own, and that is empty at first.
    await(() -> command().startsWith("sh\0-c\0"));
  }

  @AfterEach
  void end() {
    kernel.kill(pid, Kernel.SIGKILL);
    kernel.reap(pid);
  }

  @Test
  void toldToBeginItBecomesTheGuardian() {
    assertThat(heir.begin()).isEqualTo(pid);

    await(() -> command().equals("/bin/sleep\0" + "1000\0"));
    assertThat(kernel.readLink("/proc/" + pid + "/fd/0", new long[1])).isEqualTo("/dev/null");
  }

  @Test
  void toldNothingItEndsWithWhoeverMadeIt() {
    heir.close();

    await(() -> command().isEmpty());
  }

  @Test
  void oneThatIsGoneCannotBegin() {
    kernel.kill(pid, Kernel.SIGKILL);
    await(this::isOver);

    assertThat(heir.begin()).isNegative();
  }

  /** Found in review: it kept the launcher of the node waiting, and the sockets, for ever. */
  @Test
  void oneThatIsStoppedEndsWithWhoeverMadeItToo() throws IOException {
    end();
    Process maker = HeirMaker.start();
    try {
      pid = Long.parseLong(maker.inputReader().readLine());
      await(() -> command().startsWith("sh\0-c\0"));
      kernel.kill(pid, SIGSTOP);
      await(() -> read("stat").contains(") T "));
    } finally {
      maker.destroyForcibly();
    }

    await(() -> read("stat").isEmpty() || isOver());
  }

  /** Its memory goes first, its descriptors after that, and then it is a zombie. */
  private boolean isOver() {
    return read("stat").contains(") Z ");
  }

  private String command() {
    return read("cmdline");
  }

  private String read(String file) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/" + file));
    } catch (IOException e) {
      return "";
    }
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + LIMIT_NANOS;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(end);
      LockSupport.parkNanos(1_000_000);
    }
  }
}
