package io.hamlet.client;

/** An action of a condition (ham.md 1.6). Immutable and thread-safe. */
public non-sealed interface Action extends HamObject {
  /** Adds an alternate, run when the action fails; no restart and no healthy (ham.md 2.7). */
  Receipt onFail(String name, Deed deed) throws InterruptedException;

  /** Removes an alternate. */
  Receipt removeOnFail(String name) throws InterruptedException;
}
