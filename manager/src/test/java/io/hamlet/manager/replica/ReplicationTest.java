package io.hamlet.manager.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.model.Name;
import io.hamlet.manager.log.LogSource;
import io.hamlet.manager.port.Ack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a replica does, step by step. */
class ReplicationTest {
  @TempDir Path directory;

  @Test
  void aNewReplicaGetsASnapshotAndWhatComesAfter() throws IOException {
    Lab lab = new Lab(directory, 1);
    for (int i = 0; i < 100; i++) {
      lab.create();
    }
    lab.settle();
    lab.checkAgreement();
    lab.create();
    lab.settle();
    lab.checkAgreement();
    assertThat(lab.replicas.get("a").pullers.notices()).isEmpty();
  }

  @Test
  void aReplicaThatRestartsGoesOnFromItsDisk() throws IOException {
    Lab lab = new Lab(directory, 2);
    lab.create();
    lab.settle();
    Lab.Kept a = lab.replicas.get("a");
    a.crash();
    lab.view();
    lab.create();
    a.start();
    lab.settle();
    lab.checkAgreement();
    assertThat(a.pullers.of(Lab.W).history().read(null, 1000).happenings()).isNotEmpty();
  }

  @Test
  void aSuccessorIsFollowed() throws IOException {
    Lab lab = new Lab(directory, 3);
    lab.create();
    lab.settle();
    lab.writer.takeOver();
    lab.restartWriter();
    lab.create();
    lab.settle();
    lab.checkAgreement();
    assertThat(lab.replicas.get("b").tree().state().last().epoch()).isEqualTo(2);
  }

  @Test
  void aReplicaThatIsTooFarBehindBeginsAnew() throws IOException {
    Lab lab = new Lab(directory, 4);
    lab.create();
    lab.settle();
    lab.replicas.get("a").crash();
    lab.view();
    for (int i = 0; i < 50; i++) {
      lab.create();
    }
    lab.writer.compact();
    lab.replicas.get("a").start();
    lab.settle();
    lab.checkAgreement();
  }

  @Test
  void aSurplusTailIsCutAndItsRequestsAreServedAgain() throws IOException {
    Lab lab = new Lab(directory, 5);
    Name kept = lab.create();
    lab.settle();
    Name lost = lab.create();
    lab.settle();
    lab.loseTail(1);
    assertThat(lab.writer.state().entities()).containsKey(kept).doesNotContainKey(lost);
    lab.settle();
    lab.checkAgreement();
    assertThat(lab.writer.state().entities()).containsKeys(kept, lost);
    assertThat(lab.replicas.get("a").pullers.notices())
        .anyMatch(n -> n.contains("are not in its log; they are set aside"));
    try (var files = Files.list(lab.replicas.get("a").files())) {
      assertThat(files.filter(f -> f.getFileName().toString().startsWith("aside-"))).isNotEmpty();
    }
  }

  /** Found in review: it came back with nothing, and the last copies of its tree were removed. */
  @Test
  void aCopyThatIsLongerThanItsTreeIsKept() throws IOException {
    Lab lab = new Lab(directory, 9);
    lab.create();
    lab.writer.compact();
    lab.create();
    lab.settle();
    long index = lab.writer.mark().index();
    lab.writer.loseDisk();
    lab.restartWriter();
    lab.settle();
    lab.checkAgreement();
    Lab.Kept a = lab.replicas.get("a");
    Path kept = directory.resolve("a-kept").resolve(Lab.W);
    assertThat(LogSource.lying(kept).newest()).isEqualTo(index);
    assertThat(a.pullers.notices())
        .anyMatch(n -> n.contains("the copy of 'w' up to entry " + index) && n.contains("" + kept));
    a.crash();
    lab.view();
    a.start();
    lab.settle();
    assertThat(a.pullers.notices()).anyMatch(n -> n.contains("" + kept));
    a.pullers.forget(Lab.W);
    lab.settle();
    assertThat(kept).doesNotExist();
  }

  /** It was away while its writer went on. */
  @Test
  void aCopyThatIsShorterThanItsTreeIsNotKept() throws IOException {
    Lab lab = new Lab(directory, 10);
    lab.create();
    lab.settle();
    lab.replicas.get("a").crash();
    lab.view();
    lab.create();
    lab.create();
    lab.writer.compact();
    lab.replicas.get("a").start();
    lab.settle();
    lab.checkAgreement();
    assertThat(directory.resolve("a-kept")).doesNotExist();
  }

  @Test
  void aReplicaThatIsNotTheSameIsTakenAnew() throws IOException {
    Lab lab = new Lab(directory, 6);
    lab.create();
    lab.settle();
    Lab.Kept a = lab.replicas.get("a");
    ReplicaTree tree = (ReplicaTree) a.tree();
    // Memory went bad: the same entry, another state.
    ReplicaTreeBed.spoil(tree, lab.writer.state());
    lab.create();
    lab.settle();
    lab.checkAgreement();
    assertThat(a.pullers.notices()).anyMatch(n -> n.contains("was not the same as its original"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"segment-", "snapshot-"})
  void aDamagedReplicaIsMadeWhole(String what) throws IOException {
    Lab lab = new Lab(directory, 7);
    for (int i = 0; i < 20; i++) {
      lab.create();
    }
    lab.settle();
    Lab.Kept a = lab.replicas.get("a");
    a.crash();
    try (var files = Files.list(a.files())) {
      for (Path file : files.filter(f -> f.getFileName().toString().startsWith(what)).toList()) {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 4;
        Files.write(file, bytes);
      }
    }
    a.start();
    lab.settle();
    lab.checkAgreement();
  }

  @Test
  void levelsAreThoseOfTheVotersOfNow() throws IOException {
    Lab lab = new Lab(directory, 8);
    long index = 0;
    lab.create();
    lab.settle();
    index = lab.writer.mark().index();
    assertThat(lab.copies.usual()).isEqualTo(Ack.REPLICA);
    assertThat(lab.copies.reached(Ack.REPLICA)).isEqualTo(index);
    Copies alone = new Copies(Lab.W, lab.writer, () -> List.of(Lab.W));
    assertThat(alone.usual()).isEqualTo(Ack.DURABLE);
    assertThat(alone.reached(Ack.REPLICA)).isEqualTo(Copies.NEVER);
    assertThat(alone.reached(Ack.MAJORITY)).isEqualTo(Copies.NEVER);
  }

  @Test
  void aMajorityIsMoreThanOneOtherVoterWhereThereAreFive() throws IOException {
    TestWriter writer = new TestWriter(Lab.W);
    Copies five = new Copies(Lab.W, writer, () -> List.of(Lab.W, "a", "b", "c", "d"));
    writer.create();
    writer.create();
    five.has("a", 3);
    assertThat(five.reached(Ack.REPLICA)).isEqualTo(3);
    assertThat(five.reached(Ack.MAJORITY)).isEqualTo(0);
    five.has("b", 2);
    assertThat(five.reached(Ack.MAJORITY)).isEqualTo(2);
    five.has("d", 3);
    assertThat(five.reached(Ack.MAJORITY)).isEqualTo(3);
  }

  @Test
  void aVoterElsewhereIsTheMajorityOfItself() {
    TestWriter writer = new TestWriter(Lab.W);
    Copies one = new Copies(Lab.W, writer, () -> List.of("a"));
    one.has("a", 1);
    assertThat(one.usual()).isEqualTo(Ack.REPLICA);
    assertThat(one.reached(Ack.MAJORITY)).isEqualTo(1);
  }
}
