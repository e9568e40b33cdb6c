package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.it.vote.LiveVoter;
import io.hamlet.it.vote.VoteCluster;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ratis itself under faults, in processes of its own, with a ledger of all that was said. */
class VoteFaultsIT {
  private static final List<String> THREE = List.of("a", "b", "c");
  private static final List<String> FIVE = List.of("a", "b", "c", "d", "e");

  /** How often, or for how many steps; more on demand. */
  private static final int ROUNDS = Integer.getInteger("hamlet.it.vote.rounds", 4);

  @TempDir Path directory;
  private VoteCluster cluster;
  private final List<Path> mounts = new ArrayList<>();
  private Hosts hosts;

  @AfterEach
  void end() throws Exception {
    mounts.forEach(m -> run("fsfreeze", "--unfreeze", m.toString()));
    if (cluster != null) {
      cluster.close();
    }
    mounts.forEach(m -> run("umount", "--lazy", m.toString()));
    if (hosts != null) {
      hosts.close();
    }
  }

  @Test
  void leadersAreKilledOneAfterTheOther() throws Exception {
    begin(THREE);
    LiveVoter before = null;
    for (int round = 0; round < ROUNDS; round++) {
      LiveVoter leader = cluster.leaderOtherThan(before);
      cluster.progress();
      leader.kill();
      before = leader;
      cluster.leaderOtherThan(leader);
      cluster.progress();
      cluster.start(leader.name());
    }
    allIsTrue();
  }

  @Test
  void aFrozenLeaderIsReplacedAndDoesNoHarmWhenItGoesOn() throws Exception {
    begin(THREE);
    for (int round = 0; round < ROUNDS / 2; round++) {
      LiveVoter leader = cluster.leaderOtherThan(null);
      leader.signal("STOP");
      Until.isTrue("another leads", () -> cluster.leader() != leader);
      cluster.progress();
      leader.signal("CONT");
      cluster.progress();
    }
    allIsTrue();
  }

  @Test
  void ofFiveTwoAreAlwaysInTrouble() throws Exception {
    begin(FIVE);
    long seed = Long.getLong("hamlet.it.vote.seed", System.nanoTime());
    System.out.println("hamlet.it.vote.seed=" + seed);
    Random chance = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      LiveVoter one = cluster.voter(FIVE.get(chance.nextInt(5)));
      LiveVoter leader = cluster.leaderOtherThan(null);
      LiveVoter other = one == leader ? cluster.voter(others(one)) : leader;
      one.signal("STOP");
      other.kill();
      cluster.progress();
      cluster.start(other.name());
      if (chance.nextBoolean()) {
        one.kill();
        cluster.start(one.name());
      } else {
        one.signal("CONT");
      }
      cluster.progress();
    }
    allIsTrue();
  }

  @Test
  void aLeaderThatHearsButIsNotHeardIsReplaced() throws Exception {
    Needs.hosts();
    hosts = Hosts.make(THREE.size());
    HostKeys keys = HostKeys.make(directory.resolve("keys"));
    cluster = VoteCluster.remote(hosts, keys, directory, THREE);
    cluster.load(12);
    for (int round = 0; round < ROUNDS / 2; round++) {
      LiveVoter leader = cluster.leaderOtherThan(null);
      cluster.progress();
      int mute = THREE.indexOf(leader.name());
      for (int other = 0; other < THREE.size(); other++) {
        if (other != mute) {
          hosts.drop(mute, other);
        }
      }
      cluster.leaderOtherThan(leader);
      cluster.progress();
      hosts.heal();
      cluster.progress();
    }
    allIsTrue();
  }

  @Test
  void aLeaderWhoseDiskIsFullEndsAndComesBackWhenThereIsRoom() throws Exception {
    Needs.root();
    for (String name : THREE) {
      Path storage = Files.createDirectories(directory.resolve(name));
      Needs.that(
          "root",
          "the right to mount",
          run("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", storage.toString()) == 0);
      mounts.add(storage);
    }
    begin(THREE);
    LiveVoter leader = cluster.leaderOtherThan(null);
    Path ballast = directory.resolve(leader.name()).resolve("ballast");
    run("dd", "if=/dev/zero", "of=" + ballast, "bs=4k");

    Until.isTrue("it says that it ends", () -> leader.said("failed") != null);
    cluster.leaderOtherThan(leader);
    cluster.progress();
    leader.kill();
    Files.delete(ballast);
    cluster.start(leader.name());
    allIsTrue();
  }

  @Test
  void aLeaderWhoseDiskHangsIsReplacedAndComesBackWithIt() throws Exception {
    Needs.root();
    String mkfs = Needs.program("mkfs.ext4").toString();
    Needs.program("fsfreeze");
    for (String name : THREE) {
      Path image = directory.resolve(name + ".image");
      try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
        file.setLength(64L << 20);
      }
      Path storage = Files.createDirectories(directory.resolve(name));
      boolean isMounted =
          run(mkfs, "-q", "-F", image.toString()) == 0
              && run("mount", "-o", "loop", image.toString(), storage.toString()) == 0;
      Needs.that("root", "the right to mount an image", isMounted);
      mounts.add(storage);
    }
    begin(THREE);
    LiveVoter leader = cluster.leaderOtherThan(null);
    String disk = directory.resolve(leader.name()).toString();
    assertThat(run("fsfreeze", "--freeze", disk)).isZero();
    cluster.leaderOtherThan(leader);
    cluster.progress();
    assertThat(run("fsfreeze", "--unfreeze", disk)).isZero();
    if (leader.said("failed") != null) {
      leader.kill();
      cluster.start(leader.name());
    }
    allIsTrue();
  }

  @Test
  void aTornLastEntryIsCutAndDamageBeforeItIsRefused() throws Exception {
    begin(THREE);
    LiveVoter leader = cluster.leaderOtherThan(null);
    String name = others(leader);
    cluster.progress();
    cluster.voter(name).kill();
    Path segment = openSegment(name);
    byte[] bytes = Files.readAllBytes(segment);
    int end = lastByte(bytes) + 1;
    // A length of 3,000 bytes, then what fits into the sector.
    byte[] torn = Arrays.copyOf(bytes, Math.max(bytes.length, end + 4_096));
    torn[end] = (byte) 0xB8;
    torn[end + 1] = 0x17;
    Arrays.fill(torn, end + 2, (end / 512 + 2) * 512, (byte) 7);
    Files.write(segment, torn);
    LiveVoter again = cluster.start(name);
    Until.isTrue("it starts", () -> again.said("started") != null);
    allIsTrue();

    again.kill();
    segment = openSegment(name);
    bytes = Files.readAllBytes(segment);
    bytes[lastByte(bytes) / 2] ^= 0x55;
    Files.write(segment, bytes);
    LiveVoter damaged = cluster.start(name);
    Until.isTrue("it refuses", () -> damaged.said("refused") != null);
    assertThat(damaged.said("refused"))
        .contains(segment.toString(), "is damaged", "remove " + name);
    cluster.progress();
  }

  @Test
  void oneNameIsOneVoter() throws Exception {
    begin(THREE);
    LiveVoter original = cluster.leaderOtherThan(null);
    String name = original.name();
    cluster.progress();
    LiveVoter same = cluster.start(name);
    Until.isTrue("the storage is taken", () -> same.said("refused") != null);

    Path copy = directory.resolve("copy");
    assertThat(run("cp", "-r", cluster.storage(name).toString(), copy.toString())).isZero();
    List<String> elsewhere =
        cluster.founders().stream()
            .map(f -> f.startsWith(name) ? name + "=127.0.0.1:1" : f)
            .toList();
    LiveVoter clone = cluster.start(name, copy, elsewhere);
    Until.isTrue("a clone is refused", () -> clone.said("refused") != null);
    assertThat(clone.said("refused")).contains("belongs to " + name + " at");
    original.kill();
    cluster.start(name);
    allIsTrue();
  }

  private void begin(List<String> names) throws IOException {
    cluster = VoteCluster.local(directory, names);
    cluster.load(12);
    Until.isTrue("commands flow", () -> cluster.ledger().acknowledgements() > 50);
  }

  private void allIsTrue() {
    cluster.calm();
    cluster.converged();
    assertThat(cluster.ledger().contradictions()).isEmpty();
    cluster.load(12);
  }

  private String others(LiveVoter than) {
    return THREE.stream().filter(n -> !n.equals(than.name())).findFirst().orElseThrow();
  }

  private Path openSegment(String name) throws IOException {
    try (Stream<Path> files = Files.walk(cluster.storage(name))) {
      return files
          .filter(p -> p.getFileName().toString().startsWith("log_inprogress"))
          .findFirst()
          .orElseThrow();
    }
  }

  private static int lastByte(byte[] bytes) {
    int i = bytes.length - 1;
    while (bytes[i] == 0) {
      i--;
    }
    return i;
  }

  private int run(String... command) {
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(directory.resolve("commands.out").toFile())
          .start()
          .waitFor();
    } catch (IOException e) {
      return -1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return -1;
    }
  }
}
