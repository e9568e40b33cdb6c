package io.hamlet.core.model;

import java.util.Comparator;

/**
 * Names an errand for ever: the tree that asks, and the effect in it.
 *
 * @param tree a node name, or {@code *} for the cluster tree
 */
public record ErrandId(String tree, EffectId effect) implements Comparable<ErrandId> {
  private static final int MAX_LENGTH = 64;

  private static final Comparator<ErrandId> ORDER =
      Comparator.comparing(ErrandId::tree).thenComparing(ErrandId::effect);

  public ErrandId {
    if (tree.isEmpty() || tree.length() > MAX_LENGTH || tree.chars().anyMatch(c -> c <= ' ')) {
      throw Refused.invalid("the name of a tree is 1 to " + MAX_LENGTH + " visible characters");
    }
  }

  @Override
  public int compareTo(ErrandId other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return tree + ":" + effect;
  }
}
