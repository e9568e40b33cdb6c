package io.hamlet.manager.consensus;

import io.hamlet.manager.disk.Durable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.server.storage.RaftStorageMetadata;
import org.apache.ratis.thirdparty.io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.ServerCall;
import org.apache.ratis.thirdparty.io.grpc.ServerCallHandler;
import org.apache.ratis.thirdparty.io.grpc.ServerInterceptor;

/**
 * Term and vote are on the disk before anybody hears of them. Ratis writes them to a file that it
 * then renames, and leaves it to the file system when the new name gets to the disk; a power cut
 * before that would bring the old vote back, and the voter would vote twice (DECISIONS.md, "A vote
 * is on the disk"). Nothing is done while neither changes. Thread-safe.
 */
final class SureVote implements ServerInterceptor {
  private final Consumer<String> failure;
  private volatile RaftStorage storage;
  private volatile RaftStorageMetadata settled;

  /**
   * @param failure hears why this voter cannot go on
   */
  SureVote(Consumer<String> failure) {
    this.failure = failure;
  }

  /** Before anybody is answered. Also makes the directories durable that were just made. */
  void guard(RaftStorage begun) throws IOException {
    Path log = begun.getStorageDir().getRoot().toPath().toAbsolutePath();
    for (Path path : List.of(log, log.getParent(), log.getParent().getParent())) {
      Durable.names(path);
    }
    storage = begun;
    settle();
  }

  /** What Ratis has written of term and vote so far survives a power cut when this returns. */
  void settle() {
    RaftStorage known = storage;
    if (known == null) {
      return;
    }
    try {
      // Read before the sync: it is known here only when the file has its new name.
      RaftStorageMetadata written = known.getMetadataFile().getMetadata();
      if (!written.equals(settled)) {
        Durable.names(known.getStorageDir().getCurrentDir().toPath());
        settled = written;
      }
    } catch (IOException e) {
      failure.accept("its vote cannot be written: " + e.getMessage());
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    return next.startCall(
        new SimpleForwardingServerCall<>(call) {
          @Override
          public void sendMessage(A answer) {
            settle();
            super.sendMessage(answer);
          }
        },
        headers);
  }
}
