package io.hamlet.core.sam;

import java.util.List;

/**
 * What a call or a fact leads to.
 *
 * @param reason of the transition, short and stable
 * @param acts in the order in which they are to be done
 */
public record SamStep(SamProcess process, String reason, List<SamAct> acts) {
  public SamStep {
    acts = List.copyOf(acts);
  }
}
