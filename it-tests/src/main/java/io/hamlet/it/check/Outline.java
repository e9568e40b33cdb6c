package io.hamlet.it.check;

import io.hamlet.core.model.Action;
import io.hamlet.core.model.Condition;
import io.hamlet.core.model.Entity;
import io.hamlet.core.model.Life;
import io.hamlet.core.recovery.HamState;

/** A state without what may differ between two runs of the same story: pids, times, numbers. */
public final class Outline {
  private Outline() {}

  public static String of(HamState state) {
    StringBuilder text = new StringBuilder();
    for (Entity e : state.entities().values()) {
      text.append(e.name())
          .append(' ')
          .append(e.shape())
          .append(e.life() instanceof Life.Up ? " up" : " down")
          .append(", deaths ")
          .append(e.stats().deaths())
          .append(", restarts ")
          .append(e.stats().restarts())
          .append('\n');
      for (Condition c : e.conditions()) {
        text.append("  ").append(c.name()).append(' ').append(c.type()).append(c.flags());
        for (Action a : c.actions()) {
          text.append(' ').append(a.name()).append(a.flags().bits());
        }
        text.append('\n');
      }
    }
    return text.append("under way ").append(state.open().size()).append('\n').toString();
  }
}
