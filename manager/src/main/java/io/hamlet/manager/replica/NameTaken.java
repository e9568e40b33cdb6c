package io.hamlet.manager.replica;

import java.util.Map;

/**
 * Another node goes by the name of this one and lives: a name given twice, or a copy of a state
 * directory. To take its tree home would start its work a second time.
 */
public final class NameTaken extends Exception {
  private static final long serialVersionUID = 1;

  /**
   * @param acting where somebody acts for the node, by the voter who says so
   */
  NameTaken(String node, Map<String, String> acting) {
    super(
        ("the node name '%s' is in use in this cluster: a HAM acts for it (%s), as %s; give this"
                + " node another --node, or stop that one first")
            .formatted(
                node,
                acting.values().iterator().next(),
                "voter " + String.join(", ", acting.keySet()) + " says"));
  }
}
