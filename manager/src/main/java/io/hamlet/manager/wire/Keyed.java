package io.hamlet.manager.wire;

import java.util.List;
import java.util.Map;
import org.pcollections.TreePMap;

/** A list of pairs in rising order of their keys, as the map that it stands for. */
final class Keyed {
  private Keyed() {}

  /** Throws {@link WireException} when a key does not rise: such bytes are not of our writing. */
  static <K extends Comparable<K>, V> TreePMap<K, V> map(
      String field, List<Map.Entry<K, V>> pairs) {
    TreePMap<K, V> map = TreePMap.empty();
    K before = null;
    for (Map.Entry<K, V> pair : pairs) {
      if (before != null && before.compareTo(pair.getKey()) >= 0) {
        throw new WireException(
            field, "the key " + pair.getKey() + " does not come after " + before);
      }
      before = pair.getKey();
      map = map.plus(before, pair.getValue());
    }
    return map;
  }
}
