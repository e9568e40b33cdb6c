package io.hamlet.client;

import java.util.List;

/**
 * A part of the tree of a node.
 *
 * @param position the tree as of this event; a watch from here misses nothing
 * @param objects depth first, parents before children
 */
public record Tree(String node, String position, List<TreeObject> objects) {
  public Tree {
    objects = List.copyOf(objects);
  }
}
