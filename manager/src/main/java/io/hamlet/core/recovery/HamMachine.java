package io.hamlet.core.recovery;

import java.util.List;

/** The brain of a tree: entry in, next state and effects out. Pure. */
public final class HamMachine {
  private HamMachine() {}

  /**
   * What an entry does to a state. Total: an event that does not fit is ignored or answered with a
   * rejection, and {@link Step#changed} is false.
   */
  public static Step apply(HamState state, Entry entry) {
    throw new UnsupportedOperationException("being written: " + state + entry);
  }

  /**
   * All effects that a new acting HAM must have performed for a state it took over: watches, open
   * effects (marked repeated where that matters), beats, waiting pulses.
   */
  public static List<Effect> resume(HamState state) {
    throw new UnsupportedOperationException("being written: " + state);
  }
}
