package io.hamlet.client.recovery;

/** What an error says about the connection it came over. */
public enum Loss {
  /** The connection is as good as before: the caller gets the error. */
  NONE,
  /** The connection is lost, and whether the call was done is not known. */
  LOST,
  /** The connection is lost, and the call was certainly not sent: any call may be issued again. */
  BEFORE_SENDING
}
