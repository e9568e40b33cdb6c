package io.hamlet.manager.api;

import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.Refused;
import io.hamlet.manager.wire.Position;
import java.util.List;

/** What a watcher is told of. Confined to the watcher's work, but for the beginning. */
interface Strands {
  /** All that there are by now. Throws Refused when they have become too many. */
  List<Strand> now();

  /** Where to go on behind what was told; opaque. */
  String position();

  void close();

  /**
   * One tree. Throws Refused for a position that is none, or of another tree.
   *
   * @param from empty: from now; "0": from the oldest known; else a position
   * @param bell rung when there may be more
   */
  static Strands one(Tree tree, String from, Runnable bell) {
    Strand strand = new Strand(tree.node(), tree.history(), begin(tree, from), bell);
    return new Strands() {
      @Override
      public List<Strand> now() {
        return List.of(strand);
      }

      @Override
      public String position() {
        return strand.position().text();
      }

      @Override
      public void close() {
        strand.close();
      }
    };
  }

  private static EffectId begin(Tree tree, String from) {
    if (from.isEmpty()) {
      return tree.history().newest();
    }
    if (from.equals("0")) {
      return null;
    }
    Position position = Position.parse(from);
    if (!position.tree().equals(tree.node())) {
      throw Refused.invalid(
          "from: a position in the history of " + position.tree() + ", but this is " + tree.node());
    }
    return position.id();
  }
}
