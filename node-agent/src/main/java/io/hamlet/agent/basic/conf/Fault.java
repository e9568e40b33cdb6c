package io.hamlet.agent.basic.conf;

/**
 * Something wrong in a file, and where.
 *
 * @param line from 1; 0: the file as a whole
 */
public record Fault(String file, int line, String text) {
  @Override
  public String toString() {
    return (line == 0 ? file : file + ":" + line) + ": " + text;
  }
}
