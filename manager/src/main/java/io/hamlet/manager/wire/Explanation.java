package io.hamlet.manager.wire;

import io.hamlet.core.recovery.Happening;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Why an entity is as it is: the events since its last quiet moment. A cause that comes when the
 * one before has been settled begins a new chain; until then everything belongs together, so that
 * missed beats, the kill, the death and the restart are one story.
 *
 * @param chain oldest first
 * @param summary one sentence for people
 */
public record Explanation(List<Happening> chain, String summary) {
  private static final Set<String> CAUSES =
      Set.of(
          "death",
          "abnormal-death",
          "detach",
          "attach",
          "beat-missed-low",
          "beat-missed-high",
          "state",
          "raise",
          "taken-over");
  private static final Set<String> SETTLED =
      Set.of(
          "restart",
          "attach",
          "detach",
          "healthy",
          "given-up",
          "removed",
          "state",
          "raise",
          "taken-over");
  private static final Set<String> TOLD =
      Set.of("restart", "healthy", "given-up", "removed", "action-failed");

  public Explanation {
    chain = List.copyOf(chain);
  }

  /**
   * Explains an entity from all that is known of it.
   *
   * @param happenings oldest first; those of other entities are left out
   */
  public static Explanation of(String entity, List<Happening> happenings) {
    List<Happening> chain = new ArrayList<>();
    boolean settled = true;
    for (Happening happening : happenings) {
      if (!HappeningCodec.within(entity, happening.path())) {
        continue;
      }
      if (isCause(entity, happening) && settled) {
        chain.clear();
        settled = false;
      }
      chain.add(happening);
      settled |= SETTLED.contains(happening.event());
    }
    return new Explanation(chain, summary(entity, chain));
  }

  private static boolean isCause(String entity, Happening happening) {
    return happening.path().equals(entity) && CAUSES.contains(happening.event());
  }

  private static String summary(String entity, List<Happening> chain) {
    if (chain.isEmpty()) {
      return "Nothing that is still known has happened to " + entity + ".";
    }
    StringBuilder text = new StringBuilder(entity).append(": ");
    boolean first = true;
    for (Happening happening : chain) {
      if (first || isCause(entity, happening) || TOLD.contains(happening.event())) {
        text.append(first ? "" : ", then ").append(happening.event());
        if (!happening.path().equals(entity)) {
          text.append(" of ").append(happening.path());
        }
        if (!happening.reason().isEmpty()) {
          text.append(" (").append(happening.reason()).append(')');
        }
        first = false;
      }
    }
    return text.append('.').toString();
  }
}
