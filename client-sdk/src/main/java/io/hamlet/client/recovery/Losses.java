package io.hamlet.client.recovery;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;
import java.util.List;

/** Tells which errors mean that a connection is lost (EBADF and ESRCH in ham.md 9.2). */
@FunctionalInterface
public interface Losses {
  /** Must not throw, and must not use the connection. */
  Loss of(Throwable error);

  /**
   * Sockets: a broken, reset, refused or ended connection. A timeout is none, as the server may
   * only be slow; nor is {@link ClosedByInterruptException}, which is meant for this thread. That
   * an interrupt of one thread closes the channel of all is a loss to the others.
   */
  Losses SOCKET = Losses::ofSocket;

  /**
   * Files of network file systems: ESTALE, EIO, EBADF, ENOTCONN, ENODEV, and a channel closed by
   * somebody else's interrupt. The JDK tells the numbers only by the text of the C library, so this
   * knows the texts of English locales and of C.
   */
  Losses FILE = Losses::ofFile;

  /** {@link #SOCKET} or {@link #FILE}, also when wrapped in an {@link UncheckedIOException}. */
  Losses IO =
      error -> {
        Throwable inner = error instanceof UncheckedIOException u ? u.getCause() : error;
        Loss loss = ofSocket(inner);
        return loss != Loss.NONE ? loss : ofFile(inner);
      };

  /** Errors of these types, and below, are a loss. */
  static Losses of(List<Class<? extends Throwable>> types) {
    List<Class<? extends Throwable>> all = List.copyOf(types);
    return error -> all.stream().anyMatch(t -> t.isInstance(error)) ? Loss.LOST : Loss.NONE;
  }

  private static Loss ofSocket(Throwable error) {
    return switch (error) {
      case ClosedByInterruptException mine -> Loss.NONE;
      case ConnectException refused -> Loss.BEFORE_SENDING;
      case NotYetConnectedException early -> Loss.BEFORE_SENDING;
      case ClosedChannelException closed -> Loss.LOST;
      case EOFException end -> Loss.LOST;
      case SocketException broken -> Loss.LOST;
      case IOException e when says(e, "Broken pipe", "Connection reset", "Connection timed out") ->
          Loss.LOST;
      default -> Loss.NONE;
    };
  }

  private static Loss ofFile(Throwable error) {
    return switch (error) {
      case ClosedByInterruptException mine -> Loss.NONE;
      case ClosedChannelException closed -> Loss.LOST;
      case IOException e
          when says(
              e,
              "Stale file handle",
              "Stale NFS file handle",
              "Input/output error",
              "Bad file descriptor",
              "Transport endpoint is not connected",
              "No such device") ->
          Loss.LOST;
      default -> Loss.NONE;
    };
  }

  private static boolean says(IOException error, String... texts) {
    String message = String.valueOf(error.getMessage());
    for (String text : texts) {
      if (message.contains(text)) {
        return true;
      }
    }
    return false;
  }
}
