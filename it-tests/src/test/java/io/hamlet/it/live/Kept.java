package io.hamlet.it.live;

import io.hamlet.core.recovery.HamState;
import io.hamlet.manager.log.LogCursor;
import io.hamlet.manager.log.LogPiece;
import io.hamlet.manager.log.LogSnapshot;
import io.hamlet.manager.log.LogSource;
import io.hamlet.manager.runtime.EventHistory;
import io.hamlet.manager.runtime.Replay;
import io.hamlet.manager.wire.Digest;
import io.hamlet.manager.wire.EntryCodec;
import io.hamlet.manager.wire.StateCodec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What nodes have on their disks of each other's trees, whatever they say of it. */
final class Kept {
  private Kept() {}

  /** Where and how far a tree is kept, and the digest of what that comes to. */
  static Map<String, String> of(String tree, List<LiveNode> nodes) throws IOException {
    Map<String, String> kept = new TreeMap<>();
    for (LiveNode node : nodes) {
      boolean own = node.name().equals(tree);
      Path log = node.state().resolve(own ? "log" : "replicas/" + tree);
      kept.put(node.name(), digest(log));
    }
    return kept;
  }

  private static String digest(Path log) throws IOException {
    LogSource source = LogSource.lying(log);
    LogSnapshot snapshot = source.snapshot();
    if (snapshot == null) {
      return "nothing";
    }
    HamState state = StateCodec.decode(snapshot.state());
    try (LogCursor cursor = source.after(snapshot.mark())) {
      for (LogPiece piece = cursor.next(); piece != null; piece = cursor.next()) {
        state = Replay.of(state, List.of(EntryCodec.decode(piece.payload())), new EventHistory());
      }
    }
    return state.last().index() + " " + HexFormat.of().formatHex(Digest.of(state));
  }
}
