package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.client.Status;
import io.hamlet.core.recovery.Entry;
import io.hamlet.core.recovery.HamState;
import io.hamlet.manager.log.LiveLogReader;
import io.hamlet.manager.runtime.EventHistory;
import io.hamlet.manager.runtime.Replay;
import io.hamlet.manager.wire.Digest;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;

/**
 * Reads the live log of a node from one entry to the next, whoever writes it, and so has the state
 * that there would be without a kill: what a manager says of an entry can be held against it. For
 * one thread.
 */
final class Shadow implements AutoCloseable {
  private final LiveLogReader reader;
  private final EventHistory history;
  private HamState state;

  private Shadow(LiveLogReader reader) {
    this.reader = reader;
    this.state = reader.start();
    this.history = Replay.history(state);
  }

  static Shadow of(LiveNode node) throws IOException {
    return new Shadow(LiveLogReader.open(node.memory().resolve("log")));
  }

  /** The acting HAM has, at its newest entry, the state that all entries up to it lead to. */
  void assertSame(LiveNode node) throws Exception {
    Status said = node.ham().statusWithDigest();
    while (state.last().index() < said.index()) {
      Entry next = next();
      state = Replay.of(state, List.of(next), history);
    }
    assertThat(said.digest())
        .as("entry %d", said.index())
        .isEqualTo(HexFormat.of().formatHex(Digest.ofContent(state)));
  }

  /** It is in the log: the manager has told of it, or of one behind it. */
  private Entry next() throws IOException {
    Entry next = reader.next();
    while (next == null && reader.goOn()) {
      next = reader.next();
    }
    assertThat(next).as("the entry behind %s", state.last()).isNotNull();
    return next;
  }

  @Override
  public void close() {
    reader.close();
  }
}
