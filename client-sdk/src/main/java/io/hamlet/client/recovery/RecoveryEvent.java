package io.hamlet.client.recovery;

import java.time.Duration;

/** What a {@link RecoveryListener} is told. {@code id} is that of the connection that failed. */
public sealed interface RecoveryEvent {
  int id();

  /** The error of the call with which it began. */
  Throwable error();

  /** The recovery function is about to be called. */
  record Began(int id, int attempt, Throwable error) implements RecoveryEvent {}

  /** It succeeded. */
  record Healed(int id, int attempt, Duration took, Throwable error) implements RecoveryEvent {}

  /**
   * It did not.
   *
   * @param trouble what it threw; null: it returned something else than the id
   */
  record NotHealed(int id, int attempt, Duration took, Throwable error, Throwable trouble)
      implements RecoveryEvent {}

  /** A call ended as {@link OutcomeUnknown}. */
  record Unknown(int id, Throwable error) implements RecoveryEvent {}
}
