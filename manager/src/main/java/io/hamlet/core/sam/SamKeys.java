package io.hamlet.core.sam;

import java.util.TreeMap;

/** The published keys of a program (sam.md 2.8, 4.2). Pure. */
public final class SamKeys {
  private static final String PREFIX = "resources.process.";

  private SamKeys() {}

  /**
   * The keys under the id and under the name, sorted; none without the flag, before register, and
   * after an end in good order.
   *
   * @param heardBoot when the newest message came, CLOCK_BOOTTIME nanoseconds; 0: none yet
   * @param heardWall the same, nanoseconds since 1970
   */
  public static TreeMap<String, String> of(SamProcess p, long heardBoot, long heardWall) {
    TreeMap<String, String> keys = new TreeMap<>();
    if (p.contract().publish() && !p.state().published().isEmpty()) {
      put(keys, PREFIX + p.id() + ".", p, heardBoot, heardWall);
      put(keys, PREFIX + "by-name." + p.name() + ".", p, heardBoot, heardWall);
    }
    return keys;
  }

  private static void put(
      TreeMap<String, String> keys, String prefix, SamProcess p, long boot, long wall) {
    keys.put(prefix + "recovery", p.contract().recovery().published());
    keys.put(prefix + "poll_period", Long.toString(p.contract().intervalMillis()));
    keys.put(prefix + "state", p.state().published());
    keys.put(prefix + "name", p.name().value());
    keys.put(prefix + "pid", Long.toString(p.state().isOver() ? 0 : p.process().pid()));
    keys.put(prefix + "instance_id", Long.toString(p.instance()));
    keys.put(prefix + "warned", Boolean.toString(p.warning() != null));
    if (boot != 0) {
      keys.put(prefix + "last_updated", Long.toString(boot));
      keys.put(prefix + "last_updated_utc", Long.toString(wall));
    }
  }
}
