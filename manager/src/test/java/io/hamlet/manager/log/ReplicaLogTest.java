package io.hamlet.manager.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.model.Limits;
import io.hamlet.core.recovery.HamState;
import io.hamlet.manager.wire.EntryCodec;
import io.hamlet.manager.wire.StateCodec;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a replica's log says of its disk is so. */
class ReplicaLogTest {
  @TempDir Path directory;

  /** A process that was killed between write and force left it in the page cache alone. */
  @Test
  void whatIsReadAfterARestartIsForcedBeforeItCountsAsDurable() throws Exception {
    Path place = directory.resolve("w");
    try (ReplicaLog log = new ReplicaLog(place, "w")) {
      log.open();
      byte[] state = StateCodec.encode(HamState.empty("w", Limits.DEFAULT));
      log.begin(new LogSnapshot(new ReignId("boot-1", 1, 1), Mark.ZERO, state), false);
    }
    Path segment = new LogDirectory(place).segment(1);
    assertThat(segment).exists();
    assertThat(forcedByOpening(place)).contains(segment.toString(), place.toString());
  }

  /** Of a node that is started again all the time no copy would ever be cut short. */
  @Test
  void whatNoSnapshotHasYetCountsAfterARestartToo() throws Exception {
    Path place = directory.resolve("w");
    long before;
    try (ReplicaLog log = new ReplicaLog(place, "w")) {
      log.open();
      log.begin(at(1, 0), false);
      log.append(entries(log.end(), 50));
      HamState state = HamState.empty("w", Limits.DEFAULT);
      for (long index = 1; index <= 50; index++) {
        state = Histories.apply(state, Histories.entry(1, 1, index));
      }
      log.snapshot(state);
      assertThat(log.sinceSnapshot()).isZero();
      log.append(entries(log.end(), 20));
      before = log.sinceSnapshot();
    }
    assertThat(before).isPositive();
    try (ReplicaLog log = new ReplicaLog(place, "w")) {
      log.open();
      assertThat(log.sinceSnapshot()).isEqualTo(before);
    }
  }

  private static List<LogPiece> entries(Mark after, int count) {
    List<LogPiece> pieces = new ArrayList<>();
    Mark last = after;
    for (long index = after.index() + 1; index <= after.index() + count; index++) {
      byte[] payload = EntryCodec.encode(Histories.entry(1, 1, index));
      int checksum = Slot.checksum(last.checksum(), index, ByteBuffer.wrap(payload));
      last = new Mark(index, checksum);
      pieces.add(new LogPiece(new ReignId("boot-1", 1, 1), last, payload));
    }
    return pieces;
  }

  @Test
  void ofCopiesThatAreSetAsideTheLongestIsKept() throws Exception {
    Path kept = directory.resolve("kept/w");
    try (ReplicaLog log = new ReplicaLog(directory.resolve("w"), "w", kept)) {
      log.open();
      log.begin(at(7, 5), false);
      assertThat(log.begin(at(1, 3), false).findings()).hasSize(1);
      assertThat(LogSource.lying(kept).newest()).isEqualTo(5);
      assertThat(log.begin(at(1, 1), false).findings()).isEmpty();
      assertThat(LogSource.lying(kept).newest()).isEqualTo(5);
      log.begin(at(1, 9), false);
      assertThat(log.begin(at(1, 2), false).findings()).hasSize(1);
      assertThat(LogSource.lying(kept).newest()).isEqualTo(9);
      assertThat(log.end().index()).isEqualTo(2);
    }
    assertThat(LogSource.lying(directory.resolve("w")).newest()).isEqualTo(2);
  }

  /** By its epoch, though not by its entries. */
  @Test
  void aCopyOfALaterReignIsKept() throws Exception {
    Path kept = directory.resolve("kept/w");
    try (ReplicaLog log = new ReplicaLog(directory.resolve("w"), "w", kept)) {
      log.open();
      log.begin(at(7, 5), false);
      log.begin(at(2, 8), false);
    }
    assertThat(LogSource.lying(kept).newest()).isEqualTo(5);
  }

  private static LogSnapshot at(long epoch, long index) {
    byte[] state = StateCodec.encode(HamState.empty("w", Limits.DEFAULT));
    return new LogSnapshot(new ReignId("boot-1", 1, epoch), new Mark(index, (int) epoch), state);
  }

  private List<String> forcedByOpening(Path place) throws Exception {
    Path dump = directory.resolve("forced.jfr");
    try (Recording recording = new Recording()) {
      recording.enable("jdk.FileForce").withThreshold(Duration.ZERO);
      recording.start();
      try (ReplicaLog log = new ReplicaLog(place, "w")) {
        assertThat(log.open().start()).isNotNull();
      }
      recording.stop();
      recording.dump(dump);
    }
    return RecordingFile.readAllEvents(dump).stream().map(e -> e.getString("path")).toList();
  }
}
