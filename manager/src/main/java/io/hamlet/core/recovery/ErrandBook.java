package io.hamlet.core.recovery;

import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.Errand;
import io.hamlet.core.model.ErrandId;
import java.util.Map;
import org.pcollections.TreePMap;

/**
 * What other trees have asked this one to do, so that nothing is done twice.
 *
 * @param since before that this book knows nothing: CLOCK_BOOTTIME when the first reign of this
 *     boot began
 * @param taken by tree, then by effect; within a tree the oldest first
 */
public record ErrandBook(long since, TreePMap<String, TreePMap<EffectId, Taken>> taken) {
  /** Nothing was ever asked. */
  public static final ErrandBook EMPTY = new ErrandBook(0, TreePMap.empty());

  /**
   * One errand that was taken on.
   *
   * @param expiry when it must not begin any more, CLOCK_BOOTTIME
   * @param fate null: under way
   */
  public record Taken(long expiry, Errand.Fate fate) {}

  /** What is known of an errand, or null. */
  public Taken find(ErrandId id) {
    TreePMap<EffectId, Taken> ofTree = taken.get(id.tree());
    return ofTree == null ? null : ofTree.get(id.effect());
  }

  /** How many of that tree are kept. */
  public int size(String tree) {
    TreePMap<EffectId, Taken> ofTree = taken.get(tree);
    return ofTree == null ? 0 : ofTree.size();
  }

  ErrandBook with(ErrandId id, Taken errand) {
    TreePMap<EffectId, Taken> ofTree = taken.get(id.tree());
    TreePMap<EffectId, Taken> more = ofTree == null ? TreePMap.empty() : ofTree;
    return new ErrandBook(since, taken.plus(id.tree(), more.plus(id.effect(), errand)));
  }

  /** Without those that nobody will ask for any more. */
  ErrandBook swept(long now) {
    TreePMap<String, TreePMap<EffectId, Taken>> left = taken;
    for (Map.Entry<String, TreePMap<EffectId, Taken>> tree : taken.entrySet()) {
      TreePMap<EffectId, Taken> kept = tree.getValue();
      while (!kept.isEmpty() && isForgotten(kept.firstEntry().getValue(), now)) {
        kept = kept.minus(kept.firstKey());
      }
      if (kept != tree.getValue()) {
        left = kept.isEmpty() ? left.minus(tree.getKey()) : left.plus(tree.getKey(), kept);
      }
    }
    return left == taken ? this : new ErrandBook(since, left);
  }

  /** After a reboot: the old clock means nothing, and what is not in here may have been done. */
  ErrandBook rebooted(long now) {
    ErrandBook book = new ErrandBook(now, taken);
    for (Map.Entry<String, TreePMap<EffectId, Taken>> tree : taken.entrySet()) {
      for (Map.Entry<EffectId, Taken> each : tree.getValue().entrySet()) {
        ErrandId id = new ErrandId(tree.getKey(), each.getKey());
        book = book.with(id, new Taken(now, each.getValue().fate()));
      }
    }
    return book;
  }

  private static boolean isForgotten(Taken errand, long now) {
    return errand.fate() != null && now - errand.expiry() > Errand.KEPT.toNanos();
  }
}
