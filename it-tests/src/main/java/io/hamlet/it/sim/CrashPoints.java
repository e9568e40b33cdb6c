package io.hamlet.it.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Numbers the places where kill -9 may strike: before and after each append and each effect. One
 * thread.
 */
public final class CrashPoints {
  private final IntPredicate strikes;
  private final List<String> passed = new ArrayList<>();

  /**
   * @param strikes asked at each place with its number, from 0
   */
  public CrashPoints(IntPredicate strikes) {
    this.strikes = strikes;
  }

  /** A place; throws when the manager dies in it. */
  void pass(String where) {
    int number = passed.size();
    passed.add(where);
    if (strikes.test(number)) {
      throw new Crashed(where);
    }
  }

  /** How many places were passed. */
  public int count() {
    return passed.size();
  }

  /** What the place of that number is. */
  public String name(int number) {
    return passed.get(number);
  }
}
