package io.hamlet.client.recovery;

/** What all generated covers are. */
public interface Covered {
  /** The connection below. */
  HaConnection<?> haConnection();
}
