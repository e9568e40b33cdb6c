package io.hamlet.agent.basic.core;

/**
 * Something that people may want to know.
 *
 * @param level how much they want to
 * @param event a stable word
 * @param host empty: none in particular
 * @param text for people
 */
public record Happening(Level level, String event, String host, String text) {
  /** From what is done for the record, to what must be looked at. */
  public enum Level {
    DEBUG,
    INFO,
    WARNING,
    ERROR
  }
}
