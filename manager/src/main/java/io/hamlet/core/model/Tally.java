package io.hamlet.core.model;

import java.util.List;

/**
 * The restarts that count against the budget, and how many tries in a row came too soon.
 *
 * @param restarts CLOCK_BOOTTIME nanoseconds of the restarts within the period, oldest first
 * @param quickDeaths deaths in a row before a good run; sets the back-off
 */
public record Tally(List<Long> restarts, int quickDeaths) {
  public static final Tally EMPTY = new Tally(List.of(), 0);

  public Tally {
    restarts = List.copyOf(restarts);
  }
}
