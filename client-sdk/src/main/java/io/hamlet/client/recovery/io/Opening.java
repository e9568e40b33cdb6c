package io.hamlet.client.recovery.io;

import io.hamlet.client.recovery.AttachException;
import io.hamlet.client.recovery.Ha;
import io.hamlet.client.recovery.HaConnection;
import io.hamlet.client.recovery.Opener;
import io.hamlet.client.recovery.Operation;
import io.hamlet.client.recovery.OutcomeUnknown;
import io.hamlet.client.recovery.Recovery;
import io.hamlet.client.recovery.Repeat;
import io.hamlet.client.recovery.Terms;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedChannelException;

/** Calls with nothing but IOExceptions, as those who use channels and streams expect. */
final class Opening {
  private Opening() {}

  static <C> HaConnection<C> of(Opener<C> opener, Recovery<C> recovery, Terms terms)
      throws IOException {
    try {
      return Ha.open(opener, recovery, terms);
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("interrupted while opening").initCause(e);
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  static <C, R> R call(HaConnection<C> on, Repeat repeat, Operation<C, R, IOException> operation)
      throws IOException {
    try {
      return on.call(repeat, operation);
    } catch (OutcomeUnknown e) {
      throw new IOException(e.getMessage(), e);
    } catch (AttachException e) {
      throw (IOException) new ClosedChannelException().initCause(e);
    }
  }
}
