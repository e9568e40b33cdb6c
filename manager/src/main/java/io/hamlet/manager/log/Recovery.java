package io.hamlet.manager.log;

import io.hamlet.core.recovery.HamState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Finds the state that a log directory holds: the newest readable snapshot that stands in its log,
 * and the valid entries behind it. Reads only.
 */
final class Recovery {
  private static final Comparator<Place> NEWEST_FIRST =
      Comparator.<Place>comparingLong(place -> place.mark().index())
          .thenComparingLong(Place::sequence)
          .reversed();

  private static final Place BEGINNING = new Place(0, 0, Mark.ZERO);

  private Recovery() {}

  /**
   * What a directory holds.
   *
   * @param snapshot null when the log is whole from its first entry
   * @param entries not looked at yet: whoever goes on from them has them checked
   * @param end behind the last valid entry
   * @param damage where the first damaged entry stands, or null
   * @param newest the reign that wrote last
   */
  record Found(
      SnapshotFile.Snapshot snapshot,
      LoggedEntries entries,
      Place end,
      Place damage,
      SegmentHeader newest,
      List<String> findings) {}

  /** The readable snapshots of some directories, newest first; findings tell of the others. */
  static List<SnapshotFile.Snapshot> snapshots(
      List<LogDirectory> directories, List<String> findings) throws IOException {
    List<SnapshotFile.Snapshot> readable = new ArrayList<>();
    for (LogDirectory directory : directories) {
      for (Path file : directory.snapshots()) {
        try {
          readable.add(SnapshotFile.read(file));
        } catch (SegmentHeader.Damaged e) {
          findings.add(file + " is not used: " + e.getMessage());
        }
      }
    }
    readable.sort(Comparator.comparing(SnapshotFile.Snapshot::place, NEWEST_FIRST));
    return readable;
  }

  /**
   * What a log holds, or null when no snapshot goes with it and it does not begin with the first
   * entry.
   *
   * @param snapshots that may stand in this log, newest first
   * @param own they are this directory's own: the newest holds even if the log around it is lost
   */
  static Found find(LogDirectory directory, List<SnapshotFile.Snapshot> snapshots, boolean own)
      throws IOException {
    List<String> findings = new ArrayList<>();
    for (SnapshotFile.Snapshot snapshot : snapshots) {
      ChainWalk walk = walk(directory, snapshot.place(), own);
      if (walk != null) {
        return found(snapshot, walk, findings);
      }
      findings.add(
          "the log in "
              + directory.path()
              + " does not reach the snapshot at "
              + snapshot.place().mark());
    }
    ChainWalk walk = walk(directory, BEGINNING, false);
    return walk == null ? null : found(null, walk, findings);
  }

  /**
   * Where a directory's own log ends, as {@link #find} has it, or null when it would find nothing.
   * What is in it is not decoded: a successor has it already, and is in a hurry.
   */
  static Place end(LogDirectory directory) throws IOException {
    List<Place> snapshots = new ArrayList<>();
    for (Path file : directory.snapshots()) {
      try {
        snapshots.add(SnapshotFile.raw(file).place());
      } catch (SegmentHeader.Damaged e) {
        continue; // The next older one, or the log from its beginning.
      }
    }
    snapshots.sort(NEWEST_FIRST);
    for (Place snapshot : snapshots) {
      ChainWalk walk = walk(directory, snapshot, true);
      if (walk != null) {
        return walk.end();
      }
    }
    ChainWalk walk = walk(directory, BEGINNING, false);
    return walk == null ? null : walk.end();
  }

  /** What stands behind a place, or null when the log does not go with it. */
  private static ChainWalk walk(LogDirectory directory, Place from, boolean own)
      throws IOException {
    ChainWalk walk = ChainWalk.from(directory, from);
    return walk.connected() || (own && !walk.superseded()) ? walk : null;
  }

  private static Found found(
      SnapshotFile.Snapshot snapshot, ChainWalk walk, List<String> findings) {
    findings.addAll(walk.findings());
    SegmentHeader newest = walk.newest() == null ? snapshot.reign() : walk.newest();
    LoggedEntries entries = new LoggedEntries(walk.pieces());
    return new Found(snapshot, entries, walk.end(), walk.damage(), newest, findings);
  }

  /** The state that a snapshot, or its absence, stands for. */
  static HamState state(SnapshotFile.Snapshot snapshot, HamState empty) {
    return snapshot == null ? empty : snapshot.state();
  }
}
