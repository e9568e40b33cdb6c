package io.hamlet.client;

import java.util.EnumSet;
import java.util.Set;

/** A flag of an object (ham.md 3). Each kind of object has its own. */
public sealed interface Flag {
  /** Its QNX value; the same number means other things on other kinds. */
  int bit();

  /** Flags of an entity. */
  enum OfEntity implements Flag {
    KEEP_ON_DEATH(0x2);

    private final int bit;

    OfEntity(int bit) {
      this.bit = bit;
    }

    @Override
    public int bit() {
      return bit;
    }
  }

  /** Flags of a condition. */
  enum OfCondition implements Flag {
    REARM(0x1),
    INDEPENDENT(0x2),
    NO_WAIT(0x4),
    KEEP_ON_EMPTY(0x10),
    STATE_FROM_SET(0x1000),
    STATE_TO_SET(0x2000),
    STATE_FROM_INVERSE(0x4000),
    STATE_TO_INVERSE(0x8000);

    private final int bit;

    OfCondition(int bit) {
      this.bit = bit;
    }

    @Override
    public int bit() {
      return bit;
    }
  }

  /** Flags of an action. */
  enum OfAction implements Flag {
    REARM(0x1),
    /** Of execute: perform it once at once, too. Only when the action is made. */
    DO_NOW(0x2),
    BREAK_ON_FAIL(0x4),
    KEEP_ON_FAIL(0x8);

    private final int bit;

    OfAction(int bit) {
      this.bit = bit;
    }

    @Override
    public int bit() {
      return bit;
    }
  }

  /** The bits of some flags together. */
  static int bits(Iterable<? extends Flag> flags) {
    int bits = 0;
    for (Flag flag : flags) {
      bits |= flag.bit();
    }
    return bits;
  }

  /** The flags of one kind that are in the bits; unknown bits are left out. */
  static <F extends Enum<F> & Flag> Set<F> of(Class<F> kind, int bits) {
    Set<F> found = EnumSet.noneOf(kind);
    for (F flag : kind.getEnumConstants()) {
      if ((bits & flag.bit()) != 0) {
        found.add(flag);
      }
    }
    return found;
  }
}
