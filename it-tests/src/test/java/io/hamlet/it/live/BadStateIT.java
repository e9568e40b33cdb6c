package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.client.Ack;
import io.hamlet.client.Command;
import io.hamlet.client.Ham;
import io.hamlet.client.HamException;
import io.hamlet.client.Receipt;
import io.hamlet.manager.disk.Trees;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Directories that are taken, damaged, full or gone. */
class BadStateIT extends LiveTest {
  private static final int CANNOT_WRITE = 73;

  private final List<Path> mounts = new ArrayList<>();

  @AfterEach
  void unmount() {
    mounts.forEach(m -> node.run(Map.of(), "umount", "--lazy", m.toString()));
  }

  @Test
  void aSecondNodeOnOneStateDirectoryIsRefusedAndTheFirstUntouched() throws Exception {
    long pid = watched("service", "/bin/sleep", "1000").pid();
    String digest = node.ham().statusWithDigest().digest();
    long ham = node.hamPid();

    int status = runAnother(List.of(), "two", node.state(), directory.resolve("other.sock"));

    assertThat(status).isEqualTo(1);
    assertThat(said()).contains("another ham run", node.state().toString());
    assertThat(node.hamPid()).isEqualTo(ham);
    assertThat(node.ham().statusWithDigest().digest()).isEqualTo(digest);
    assertThat(node.pid("service")).isEqualTo(pid);
  }

  @Test
  void aTornTailOfTheLiveLogIsToldAndWhatWasBeforeItIsThere() throws Exception {
    node.ham().withAck(Ack.DURABLE).entity("before");
    Path segment = newest(node.memory().resolve("log"), "segment");
    long end = written(segment);
    node.ham().withAck(Ack.DURABLE).entity("after");
    node.killEverything();
    // The copy on disk ends where the damage begins, as if the last entry had never got there.
    overwrite(segment, end + 8);
    Path copy = newest(node.state().resolve("log"), "segment");
    truncate(copy, end + 8);

    node.launch();

    assertThat(said()).contains(segment + " is damaged behind");
    assertThat(node.object("before")).isNotNull();
    assertThat(node.object("after")).isNull();
    node.ham().entity("later");
    assertThat(node.ham().withAck(Ack.DURABLE).entity("last").receipt().ack())
        .isEqualTo(Ack.DURABLE);
  }

  @Test
  void aDamagedLiveLogIsReplacedByTheDurableOne() throws Exception {
    node.ham().withAck(Ack.DURABLE).entity("kept");
    long pid = watched("service", "/bin/sleep", "1000").pid();
    Path segment = newest(node.memory().resolve("log"), "segment");
    node.killEverything();
    // The first entry of this reign stands behind a header of 1 KiB.
    overwrite(segment, 1024 + 8);

    node.launch();

    assertThat(said()).contains("before the durable one, and is not used");
    assertThat(node.object("kept")).isNotNull();
    assertThat(node.pid("service")).isEqualTo(pid);
    assertThat(node.object("service").restarts()).isZero();
  }

  @Test
  void aDamagedSnapshotOnDiskAloneLosesNothing() throws Exception {
    node.ham().withAck(Ack.DURABLE).entity("kept");
    node.killEverything();
    node.launch();
    node.ham().withAck(Ack.DURABLE).entity("kept too");
    Path snapshot = newest(node.state().resolve("log"), "snapshot");
    node.killEverything();
    overwrite(snapshot, Files.size(snapshot) / 2);

    node.launch();

    assertThat(said()).contains(snapshot.getFileName().toString());
    assertThat(node.object("kept")).isNotNull();
    assertThat(node.object("kept too")).isNotNull();
  }

  @Test
  void withAFullDiskRecoveryGoesOnAndDurabilityHealsWhenThereIsRoom() throws Exception {
    Needs.root();
    node.close();
    Path small = mount("small/state", "24m");
    node = LiveNode.start(small.getParent(), "full");
    long pid = watched("service", "/bin/sleep", "1000").pid();
    fill(small.resolve("ballast"));
    Ham patient = node.ham().withTimeout(Duration.ofSeconds(3));
    for (int i = 0; i < 200; i++) {
      Receipt receipt = node.ham().withAck(Ack.LOCAL).entity("local" + i).receipt();
      assertThat(receipt.ack()).isIn(Ack.LOCAL, Ack.DURABLE);
    }
    Until.isTrue(
        "a durable acknowledgement is not reached",
        Duration.ofSeconds(60),
        () ->
            !isDurable(patient, "big" + System.nanoTime())
                && patient.status().notices().stream().anyMatch(n -> n.contains("stands still")));

    Proc.signal("KILL", pid);
    successor("service", pid);
    Files.delete(small.resolve("ballast"));

    Until.isTrue("durable again", () -> isDurable(patient, "healed" + System.nanoTime()));
    Until.isTrue(
        "no trouble is told any more",
        () -> patient.status().notices().stream().noneMatch(n -> n.contains("stands still")));
  }

  @Test
  void withoutRoomInMemoryTheNodeSaysSoWithAnExitStatusOfItsOwn() throws Exception {
    Needs.root();
    List<String> command = new ArrayList<>(List.of("unshare", "--mount", "sh", "-c"));
    command.add(
        "for d in /dev/shm /run; do mount -t tmpfs -o size=1m none $d || exit 99; done; exec"
            + " \"$@\"");
    command.add("sh");
    Path state = directory.resolve("other");

    int status = runAnother(command, "three", state, directory.resolve("other.sock"));

    Needs.that("root", "the right to mount", status != 99);
    assertThat(status).as("said: " + said()).isEqualTo(CANNOT_WRITE);
    assertThat(said()).containsIgnoringCase("no space").doesNotContain("\tat ");
  }

  @Test
  void aLauncherWhoseStateDirectoryIsGoneEndsAndStartsNothing() throws Exception {
    // When it starts it makes directories, which are not to come back behind us.
    node.ham().withAck(Ack.DURABLE).entity("begun");
    long ham = node.hamPid();
    takeAway(node.state());

    Proc.signal("KILL", ham);

    assertThat(node.awaitEnd()).isEqualTo(CANNOT_WRITE);
    assertThat(said()).contains("launcher.up is gone");
  }

  @Test
  void memoryThatIsTakenAwayIsMadeAgainAndNothingIsLost() throws Exception {
    long pid = watched("service", "/bin/sleep", "1000").pid();
    takeAway(node.memory());

    Proc.signal("KILL", pid);
    long next = successor("service", pid);
    awaitLiveLog();
    assertThat(node.ham().status().notices()).anyMatch(n -> n.contains("removed while the node"));
    int entities = node.ham().status().entities();

    node.killEverything();
    node.launch();
    assertThat(node.pid("service")).isEqualTo(next);
    assertThat(node.ham().status().entities()).isEqualTo(entities);

    takeAway(node.memory());
    node.ham().stop();
    assertThat(node.awaitEnd()).isZero();
    node.launch();
    assertThat(node.pid("service")).isEqualTo(next);
  }

  /** Entries make it again where it was taken away. */
  private void awaitLiveLog() {
    Until.isTrue(
        "the live log is there again",
        () -> {
          node.ham().withAck(Ack.DURABLE).entity("e" + System.nanoTime());
          return Files.exists(node.memory().resolve("log"))
              && hasSnapshot(node.memory().resolve("log"));
        });
  }

  /** Found in review: by its name it found another page, and killed a HAM that was well. */
  @Test
  void aGuardianThatComesAfterTheMemoryWasTakenAwayGuardsItsHam() throws Exception {
    long ham = node.hamPid();
    long guardian = node.awaitGuard();
    takeAway(node.memory());
    awaitLiveLog();

    Proc.signal("KILL", guardian);
    Until.isTrue("there is another", () -> node.awaitGuard() != guardian);

    assertThat(node.hamPid()).isEqualTo(ham);
    long next = node.awaitGuard();
    Proc.signal("KILL", ham);
    Until.isTrue("it takes over", () -> node.hamPid() == next);
  }

  @Test
  void aSocketAndBeatsThatAreTakenAwayAreSaidAndAStopMakesThemAgain() throws Exception {
    long pid = watched("service", "/bin/sleep", "1000").pid();
    Path beats = node.memory().resolve("beats");
    Trees.remove(beats);
    Files.delete(node.socket());

    // This connection is older.
    for (Path gone : List.of(node.socket(), beats)) {
      String told = gone + " was removed while the node ran";
      Until.isTrue(
          told, () -> node.ham().status().notices().stream().anyMatch(n -> n.startsWith(told)));
      Until.isTrue("it is logged too", () -> said().contains(told));
    }
    Proc.signal("KILL", pid);
    long next = successor("service", pid);

    Proc.signal("TERM", node.launcherPid());
    assertThat(node.awaitEnd()).isZero();
    node.launch();
    assertThat(node.pid("service")).isEqualTo(next);
    assertThat(node.socket()).exists();
    assertThat(beats).exists();
    assertThat(node.ham().status().notices()).isEmpty();
  }

  @Test
  void inAFullMemoryThePairRecoversAndIsRecoveredAndSaysSo() throws Exception {
    Needs.root();
    node.close();
    List<String> small =
        List.of(
            "unshare",
            "--mount",
            "sh",
            "-c",
            "for d in /dev/shm /run; do mount -t tmpfs -o size=48m none $d || exit 99; done; exec"
                + " \"$@\"",
            "sh");
    node = LiveNode.prepare(directory.resolve("small"), "small", small);
    node.launch();
    long first = watched("service", "/bin/sleep", "1000").pid();
    Until.isTrue("a Guardian stands guard", () -> node.guardianPid() != 0);
    Path inside = Path.of("/proc", "" + node.launcherPid(), "root");
    Path ballast = inside.resolve(node.memory().getParent().toString().substring(1) + "/ballast");

    fill(ballast);
    Proc.signal("KILL", first);
    long second = successor("service", first);
    long guardian = node.awaitGuard();
    Proc.signal("KILL", node.hamPid());
    Until.isTrue("its Guardian acts", () -> node.hamPid() == guardian);
    fill(Path.of(ballast + "2"));
    assertThat(node.pid("service")).isEqualTo(second);
    Proc.signal("KILL", second);
    long third = successor("service", second);
    Until.isTrue(
        "it says so",
        () -> node.ham().status().notices().stream().anyMatch(n -> n.contains("set aside")));

    Files.delete(ballast);
    Files.deleteIfExists(Path.of(ballast + "2"));
    Until.isTrue("nothing is wrong any more", () -> node.ham().status().notices().isEmpty());
    node.ham().entity("later");
    assertThat(node.pid("service")).isEqualTo(third);
    assertThat(node.object("service").restarts()).isEqualTo(2);
  }

  /** Whoever lives there makes files and removes them meanwhile. */
  private static void takeAway(Path directory) {
    Until.isTrue(
        directory + " is removed",
        () -> {
          Trees.remove(directory);
          return true;
        });
  }

  private static boolean hasSnapshot(Path log) throws IOException {
    try (Stream<Path> files = Files.list(log)) {
      return files.anyMatch(f -> f.getFileName().toString().startsWith("snapshot-"));
    }
  }

  private static boolean isDurable(Ham ham, String name) throws InterruptedException {
    try {
      // Big names fill the blocks that are left.
      Receipt made = ham.withAck(Ack.DURABLE).attach(name, big()).receipt();
      ham.named(name).detach();
      return made.ack() == Ack.DURABLE;
    } catch (HamException e) {
      return false;
    }
  }

  private static Command big() {
    return Command.builder(List.of("/bin/sleep", "1")).env("X", "x".repeat(100_000)).build();
  }

  private int runAnother(List<String> before, String name, Path state, Path socket)
      throws Exception {
    List<String> command = new ArrayList<>(before);
    command.addAll(List.of(LiveNode.program().toString(), "run", "--node", name));
    command.addAll(List.of("--state", state.toString(), "--socket", socket.toString()));
    command.addAll(List.of("--listen", "127.0.0.1:0"));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(node.output().toFile()))
            .start();
    try {
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("it ends").isTrue();
      return process.exitValue();
    } finally {
      process.destroy();
    }
  }

  private String said() throws IOException {
    return Files.readString(node.output());
  }

  private Path mount(String name, String size) throws IOException {
    Path at = Files.createDirectories(directory.resolve(name));
    int status =
        node.run(Map.of(), "mount", "-t", "tmpfs", "-o", "size=" + size, "none", at.toString());
    Needs.that("root", "the right to mount", status == 0);
    mounts.add(at);
    return at;
  }

  private static void fill(Path file) throws IOException {
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      for (int size = 1 << 20; size >= 1; size /= 16) {
        writeAll(out, size);
      }
    }
  }

  private static void writeAll(FileChannel out, int size) {
    try {
      while (true) {
        out.write(ByteBuffer.allocate(size));
      }
    } catch (IOException full) {
      assertThat(full).hasMessageContaining("No space");
    }
  }

  private static Path newest(Path directory, String prefix) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(f -> f.getFileName().toString().startsWith(prefix) && hasBegun(f))
          .max(Comparator.naturalOrder())
          .orElseThrow();
    }
  }

  /** One that is made ahead is all zeros. */
  private static boolean hasBegun(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      for (byte b : in.readNBytes(64)) {
        if (b != 0) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where the zeros begin that are written last, in a file that is allocated ahead. */
  private static long written(Path segment) throws IOException {
    byte[] all = Files.readAllBytes(segment);
    int end = all.length;
    while (end > 0 && all[end - 1] == 0) {
      end--;
    }
    return (end + 7L) / 8 * 8;
  }

  private static void overwrite(Path file, long at) throws IOException {
    try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
      out.write(ByteBuffer.wrap("damage!!".getBytes(java.nio.charset.StandardCharsets.UTF_8)), at);
    }
  }

  private static void truncate(Path file, long size) throws IOException {
    try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
      out.truncate(size);
    }
  }
}
