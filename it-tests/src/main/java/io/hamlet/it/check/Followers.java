package io.hamlet.it.check;

import io.hamlet.core.recovery.HamState;
import java.util.List;

/** A replica is, at every entry, what its writer was at that entry. */
public final class Followers {
  private Followers() {}

  /**
   * @param original what the writer was at the copy's newest entry; null: it never was there
   */
  public static List<String> faults(String keeper, HamState copy, HamState original) {
    boolean begins = copy.last().index() == 0;
    return begins || copy.equals(original)
        ? List.of()
        : List.of(keeper + " has another tree of " + copy.node() + " at " + copy.last());
  }
}
