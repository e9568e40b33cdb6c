package io.hamlet.client;

/** Whether a condition or an action survives a restart of its entity (ham.md 1.8). */
public enum Rearm {
  /** Off under death conditions, on under all others. */
  DEFAULT,
  ON,
  OFF
}
