package io.hamlet.manager.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.model.Limits;
import io.hamlet.core.recovery.HamState;
import io.hamlet.manager.wire.StateCodec;
import java.nio.file.Path;
import java.time.Duration;
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
