package io.hamlet.manager.consensus;

import io.hamlet.manager.disk.Durable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/**
 * Whether the disk of a voter is to blame: what stands still although a small file beside it
 * reaches the disk, does so for another reason. Thread-safe.
 */
final class DiskProbe {
  private static final byte[] CONTENT = {'\n'};

  private final Path file;
  private final String node;
  private CompletableFuture<Void> last = CompletableFuture.completedFuture(null);

  DiskProbe(VoterConfig config) {
    this.file = config.directory().resolve("probe");
    this.node = config.node();
  }

  /**
   * Begins to write it, unless that goes on already; returns at once.
   *
   * @return completes when it is on the disk, and exceptionally when it cannot be written
   */
  synchronized CompletableFuture<Void> begin() {
    if (last.isDone()) {
      CompletableFuture<Void> next = new CompletableFuture<>();
      last = next;
      Lane.daemon(() -> write(next), "probe-" + node).start();
    }
    return last;
  }

  private void write(CompletableFuture<Void> written) {
    try {
      Durable.replace(file, CONTENT);
      written.complete(null);
    } catch (IOException | RuntimeException e) {
      written.completeExceptionally(e);
    }
  }
}
