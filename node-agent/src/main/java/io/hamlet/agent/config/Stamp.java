package io.hamlet.agent.config;

/** The kind of time stamp in the activity log (ham.md 7.1). */
public enum Stamp {
  NONE,
  /** Since the first start of the node. */
  RELATIVE,
  ABSOLUTE,
  /** Time of day only. */
  SHORTABS
}
