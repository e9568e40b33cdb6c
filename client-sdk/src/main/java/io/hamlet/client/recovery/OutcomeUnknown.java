package io.hamlet.client.recovery;

/**
 * The connection was lost with this call in flight and is healed. The call may or may not have been
 * done, and was not sent again. The cause is the error of the call.
 */
public final class OutcomeUnknown extends RuntimeException {
  OutcomeUnknown(Throwable error) {
    super("lost with this call in flight, which may or may not be done; now healed", error);
  }
}
