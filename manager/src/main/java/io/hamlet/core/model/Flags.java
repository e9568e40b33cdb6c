package io.hamlet.core.model;

/**
 * Flag bits of the three kinds of object (ham.md 3). The same number means different things on
 * each, so each kind has a type of its own and refuses the bits of the others.
 */
public final class Flags {
  private Flags() {}

  /** Flags of an entity. */
  public record OfEntity(int bits) {
    public static final int KEEP_ON_DEATH = 0x2;
    private static final int ALL = KEEP_ON_DEATH;
    public static final OfEntity NONE = new OfEntity(0);

    public OfEntity {
      refuseOthers(bits, ALL, "an entity");
    }

    public boolean keepOnDeath() {
      return (bits & KEEP_ON_DEATH) != 0;
    }
  }

  /** Flags of a condition. REARM is already resolved from its default (ham.md 1.8). */
  public record OfCondition(int bits) {
    public static final int REARM = 0x1;
    public static final int INDEPENDENT = 0x2;
    public static final int NO_WAIT = 0x4;
    public static final int OTHER = 0x8;
    public static final int KEEP_ON_EMPTY = 0x10;
    public static final int STATE_FROM_SET = 0x1000;
    public static final int STATE_TO_SET = 0x2000;
    public static final int STATE_FROM_INVERSE = 0x4000;
    public static final int STATE_TO_INVERSE = 0x8000;
    private static final int STATE_BITS =
        STATE_FROM_SET | STATE_TO_SET | STATE_FROM_INVERSE | STATE_TO_INVERSE;
    private static final int ALL =
        REARM | INDEPENDENT | NO_WAIT | OTHER | KEEP_ON_EMPTY | STATE_BITS;

    public OfCondition {
      refuseOthers(bits, ALL, "a condition");
    }

    public boolean has(int flag) {
      return (bits & flag) != 0;
    }

    /** True when a bit is set that only a state condition may have. */
    public boolean hasStateBits() {
      return (bits & STATE_BITS) != 0;
    }
  }

  /** Flags of an action. REARM is already resolved from its default (ham.md 1.8). */
  public record OfAction(int bits) {
    public static final int REARM = 0x1;
    public static final int DO_NOW = 0x2;
    public static final int BREAK_ON_FAIL = 0x4;
    public static final int KEEP_ON_FAIL = 0x8;
    private static final int ALL = REARM | DO_NOW | BREAK_ON_FAIL | KEEP_ON_FAIL;

    public OfAction {
      refuseOthers(bits, ALL, "an action");
    }

    public boolean has(int flag) {
      return (bits & flag) != 0;
    }
  }

  /** What a new condition or action says about surviving a restart. */
  public enum Rearm {
    /** Off under death conditions, on under all others. */
    DEFAULT,
    ON,
    OFF
  }

  private static void refuseOthers(int bits, int all, String kind) {
    if ((bits & ~all) != 0) {
      throw Refused.invalid(
          "flag 0x" + Integer.toHexString(bits & ~all) + " does not belong to " + kind);
    }
  }
}
