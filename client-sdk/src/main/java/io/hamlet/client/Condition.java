package io.hamlet.client;

/** A condition of an entity (ham.md 1.5). Immutable and thread-safe. */
public non-sealed interface Condition extends HamObject {
  /** Adds an action behind those that are there. */
  Action action(String name, Deed deed) throws InterruptedException;

  /**
   * Adds an action behind those that are there.
   *
   * @param flags without REARM, which the rearm says
   */
  Action action(String name, Deed deed, Rearm rearm, Flag.OfAction... flags)
      throws InterruptedException;

  /** The action that has that name at the time of each call; asks nobody. */
  Action named(String action);
}
