package io.hamlet.manager.replica;

import java.util.List;

/** Who votes just now. Thread-safe; asked each time, so it may change. */
@FunctionalInterface
public interface Voters {
  /** The names of the voters' nodes, this one included if it votes. */
  List<String> names();
}
