package io.hamlet.client.internal;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.hamlet.client.HamException;
import io.hamlet.v1.HamGrpc;
import io.hamlet.v1.ReadOutputRequest;
import io.hamlet.v1.ReadOutputResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;

/**
 * The output of an entity as a stream of bytes. It does not outlive its connection, because a place
 * in a rotated file has no name. A {@link HamException} is the cause of an IOException.
 */
final class OutputStreamOf extends InputStream {
  private static final int WINDOW = 4;
  private final Mailbox<byte[]> mailbox = new Mailbox<>();
  private final ClientCall<ReadOutputRequest, ReadOutputResponse> call;
  private byte[] current = new byte[0];
  private int at;

  OutputStreamOf(Session session, String entity, boolean follow, long tailBytes) {
    call =
        session
            .link()
            .line(Link.Where.ANY)
            .channel()
            .newCall(HamGrpc.getReadOutputMethod(), CallOptions.DEFAULT);
    call.start(new Listener(), new Metadata());
    call.request(WINDOW);
    call.sendMessage(
        ReadOutputRequest.newBuilder()
            .setHeader(session.header())
            .setEntity(entity)
            .setFollow(follow)
            .setTailBytes(tailBytes)
            .build());
    call.halfClose();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public synchronized int read(byte[] into, int offset, int length) throws IOException {
    java.util.Objects.checkFromIndexSize(offset, length, into.length);
    if (length == 0) {
      return 0;
    }
    while (at == current.length) {
      byte[] next = next();
      if (next == null) {
        return -1;
      }
      current = next;
      at = 0;
    }
    int count = Math.min(length, current.length - at);
    System.arraycopy(current, at, into, offset, count);
    at += count;
    return count;
  }

  @Override
  public void close() {
    mailbox.end(null);
    call.cancel("closed by its reader", null);
  }

  private byte[] next() throws IOException {
    try {
      byte[] next = mailbox.take();
      if (next != null) {
        call.request(1);
      }
      return next;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while reading output");
    } catch (HamException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** Hears from the manager. */
  private final class Listener extends ClientCall.Listener<ReadOutputResponse> {
    @Override
    public void onMessage(ReadOutputResponse message) {
      mailbox.put(message.getData().toByteArray());
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      mailbox.end(status.isOk() ? null : Faults.of(status, trailers, true));
    }
  }
}
