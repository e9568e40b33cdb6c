package io.hamlet.manager.api;

import com.google.protobuf.ByteString;
import io.grpc.stub.ServerCallStreamObserver;
import io.hamlet.core.model.Refused;
import io.hamlet.core.model.Rejection;
import io.hamlet.v1.ReadOutputRequest;
import io.hamlet.v1.ReadOutputResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.Semaphore;

/**
 * Sends the output file of one entity, and what is appended to it, over rotations. Blocks: it has a
 * virtual thread of its own, which an interrupt ends.
 */
final class OutputTail {
  private static final int CHUNK = 32 * 1024;
  private final Path file;
  private final ReadOutputRequest request;
  private final ServerCallStreamObserver<ReadOutputResponse> out;
  private final Semaphore ready;
  private final ByteBuffer buffer = ByteBuffer.allocate(CHUNK);

  /**
   * @param ready released each time the connection can take more again
   */
  OutputTail(
      Path file,
      ReadOutputRequest request,
      ServerCallStreamObserver<ReadOutputResponse> out,
      Semaphore ready) {
    this.file = file;
    this.request = request;
    this.out = out;
    this.ready = ready;
  }

  void run() throws IOException, InterruptedException {
    if (!request.getFollow()) {
      try (FileChannel channel = open()) {
        send(channel, start(channel));
      }
      return;
    }
    // Watched before it is read, so that nothing is appended in between unseen.
    try (WatchService watch = file.getFileSystem().newWatchService()) {
      file.getParent()
          .register(
              watch, StandardWatchEventKinds.ENTRY_MODIFY, StandardWatchEventKinds.ENTRY_CREATE);
      follow(watch);
    }
  }

  private void follow(WatchService watch) throws IOException, InterruptedException {
    boolean begun = false;
    while (true) {
      if (begun && !Files.exists(file)) {
        await(watch); // Between two steps of a rotation.
        continue;
      }
      try (FileChannel channel = open()) {
        Object key = key();
        long at = begun ? 0 : start(channel);
        begun = true;
        while (true) {
          at = send(channel, at);
          boolean rotated = key == null || !key.equals(key());
          if (rotated || channel.size() < at) {
            send(channel, at);
            break;
          }
          await(watch);
        }
      }
    }
  }

  private static void await(WatchService watch) throws InterruptedException {
    WatchKey changed = watch.take();
    changed.pollEvents();
    changed.reset();
  }

  /** Sends from there to the end; returns where the end is. */
  private long send(FileChannel channel, long from) throws IOException, InterruptedException {
    long at = from;
    while (true) {
      buffer.clear();
      int read = channel.read(buffer, at);
      if (read <= 0) {
        return at;
      }
      at += read;
      while (!out.isReady()) {
        ready.acquire();
      }
      out.onNext(
          ReadOutputResponse.newBuilder().setData(ByteString.copyFrom(buffer.flip())).build());
    }
  }

  private FileChannel open() throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new Refused(
          Rejection.Reason.INVALID, "the output goes to " + file + ", which is no ordinary file");
    }
    try {
      return FileChannel.open(file, StandardOpenOption.READ);
    } catch (NoSuchFileException e) {
      throw new Refused(Rejection.Reason.NOT_FOUND, "there is no output yet: no file " + file);
    }
  }

  private long start(FileChannel channel) throws IOException {
    long tail = request.getTailBytes();
    // A negative number is one beyond 2^63.
    return tail <= 0 ? 0 : Math.max(0, channel.size() - tail);
  }

  private Object key() throws IOException {
    try {
      return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    } catch (NoSuchFileException e) {
      return null;
    }
  }
}
