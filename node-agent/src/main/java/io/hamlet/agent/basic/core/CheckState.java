package io.hamlet.agent.basic.core;

/**
 * What is known by one check. Immutable.
 *
 * @param key tells it from every other check
 * @param host whose status it decides
 * @param word the believed state; empty: none yet
 * @param weak the word gives way to words that other checks of the host printed
 * @param candidate a state seen, but not often enough to be believed; empty: none
 * @param count how often in a row the candidate was seen
 * @param unknowns UNKNOWN results in a row
 * @param since wall clock of the first result in a row of this outcome; 0: never
 * @param last wall clock of the last result; 0: never
 */
public record CheckState(
    String key,
    String host,
    Outcome outcome,
    String text,
    String performance,
    String word,
    boolean weak,
    String candidate,
    int count,
    int unknowns,
    long since,
    long last) {
  static CheckState first(String key, String host) {
    return new CheckState(key, host, Outcome.UNKNOWN, "", "", "", false, "", 0, 0, 0, 0);
  }

  /** After one more result, of which {@code attempts} equal ones in a row are believed. */
  CheckState after(Reading reading, int attempts, long wall) {
    String believed = word;
    boolean yields = weak;
    String next = "";
    int seen = 0;
    boolean hasWord = !reading.word().isEmpty();
    if (hasWord && reading.word().equals(word)) {
      yields = reading.isWeak();
    } else if (hasWord) {
      next = reading.word();
      seen = next.equals(candidate) ? count + 1 : 1;
      if (seen >= attempts) {
        believed = next;
        yields = reading.isWeak();
        next = "";
        seen = 0;
      }
    }
    return new CheckState(
        key,
        host,
        reading.outcome(),
        reading.output().text(),
        reading.output().performance(),
        believed,
        yields,
        next,
        seen,
        reading.outcome() == Outcome.UNKNOWN ? unknowns + 1 : 0,
        reading.outcome() == outcome && since != 0 ? since : wall,
        wall);
  }

  /** The same, deciding about another host: what it said of the other is forgotten. */
  CheckState about(String another) {
    return host.equals(another) ? this : first(key, another);
  }
}
