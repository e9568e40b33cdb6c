package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.client.Ack;
import io.hamlet.client.Command;
import io.hamlet.client.Ham;
import io.hamlet.client.HamException;
import io.hamlet.client.Receipt;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A real file system of its own below the state directory: it hangs, or it is full. */
class SlowDiskIT extends LiveTest {
  private static final long SIZE = 48L << 20;

  private Path disk;
  private boolean isMounted;

  @BeforeEach
  void moveToADiskOfItsOwn() throws IOException {
    Needs.root();
    String mkfs = Needs.program("mkfs.ext4").toString();
    Needs.program("fsfreeze");
    node.close();
    Path image = directory.resolve("image");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(SIZE);
    }
    disk = Files.createDirectories(directory.resolve("other/state"));
    LiveNode before = node;
    isMounted =
        before.run(Map.of(), mkfs, "-q", "-F", image.toString()) == 0
            && before.run(Map.of(), "mount", "-o", "loop", image.toString(), disk.toString()) == 0;
    Needs.that("root", "the right to mount an image", isMounted);
    node = LiveNode.start(disk.getParent(), "two");
  }

  @AfterEach
  void unmount() {
    if (isMounted) {
      thaw();
      node.close();
      node.run(Map.of(), "umount", "--lazy", disk.toString());
    }
  }

  @Test
  void whileTheDiskHangsRecoveryGoesOnAndAllThatIsToldIsTrue() throws Exception {
    long pid = watched("service", "/bin/sleep", "1000").pid();
    Ham patient = node.ham().withTimeout(Duration.ofSeconds(2));
    assertThat(node.run(Map.of(), "fsfreeze", "--freeze", disk.toString())).isZero();

    for (int round = 0; round < 3; round++) {
      Proc.signal("KILL", pid);
      pid = successor("service", pid);
    }
    assertThat(patient.withAck(Ack.LOCAL).entity("quick").receipt().ack()).isEqualTo(Ack.LOCAL);
    // The answer comes a moment before the deadline only, and may be late.
    String slow =
        Until.given(
            "it is said that it is not durable",
            () -> {
              String name = "slow" + System.nanoTime();
              Ack ack = patient.withAck(Ack.DURABLE).entity(name).receipt().ack();
              return ack == Ack.LOCAL ? name : null;
            });
    Until.isTrue("the status says so", () -> told(patient, "has not answered for"));
    assertThat(patient.status().durableIndex()).isLessThan(patient.status().index());

    thaw();
    Until.isTrue("durable again", () -> isDurable("after" + System.nanoTime()));
    Until.isTrue("no trouble is told any more", () -> !told(patient, "stands still"));
    assertThat(node.object(slow)).isNotNull();
    assertThat(node.pid("service")).isEqualTo(pid);
  }

  @Test
  void whileTheDiskIsFullRecoveryGoesOnAndDurabilityHeals() throws Exception {
    long pid = watched("service", "/bin/sleep", "1000").pid();
    Path ballast = disk.resolve("ballast");
    node.run(Map.of(), "dd", "if=/dev/zero", "of=" + ballast, "bs=64k");
    node.run(Map.of(), "dd", "if=/dev/zero", "of=" + ballast + "2", "bs=512");
    Until.isTrue(
        "a durable level is not reached, and why is told",
        () -> !isDurable("n" + System.nanoTime()) && told(node.ham(), "No space left"));

    Proc.signal("KILL", pid);
    long next = successor("service", pid);

    Files.delete(ballast);
    Until.isTrue("durable again", () -> isDurable("after" + System.nanoTime()));
    Until.isTrue("no trouble is told any more", () -> !told(node.ham(), "stands still"));
    assertThat(node.pid("service")).isEqualTo(next);
  }

  private boolean isDurable(String name) throws InterruptedException {
    try {
      Ham ham = node.ham().withTimeout(Duration.ofSeconds(3)).withAck(Ack.DURABLE);
      // Big names fill the blocks that are left.
      Command big =
          Command.builder(List.of("/bin/sleep", "1")).env("X", "x".repeat(100_000)).build();
      Receipt made = ham.attach(name, big).receipt();
      node.ham().named(name).detach();
      return made.ack() == Ack.DURABLE;
    } catch (HamException e) {
      return false;
    }
  }

  private static boolean told(Ham ham, String what) throws InterruptedException {
    return ham.status().notices().stream().anyMatch(n -> n.contains(what));
  }

  private void thaw() {
    node.run(Map.of(), "fsfreeze", "--unfreeze", disk.toString());
  }
}
