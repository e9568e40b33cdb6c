package io.hamlet.client;

import java.util.List;

/**
 * A part of the tree of a node.
 *
 * @param position the tree as of this event; a watch from here misses nothing
 * @param objects depth first, parents before children
 * @param note what a reader should know of it, such as that its node is lost; else empty
 */
public record Tree(String node, String position, List<TreeObject> objects, String note) {
  public Tree {
    objects = List.copyOf(objects);
  }
}
