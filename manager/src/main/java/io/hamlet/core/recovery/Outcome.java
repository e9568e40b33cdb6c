package io.hamlet.core.recovery;

import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.Errand;

/** How far a deed got within its step. */
sealed interface Outcome {
  /**
   * It is done.
   *
   * @param note what is to be told of it; mostly empty
   */
  record Done(String note) implements Outcome {
    Done() {
      this("");
    }
  }

  /**
   * It came to nothing.
   *
   * @param keep the action stays although it failed, whatever its flags
   * @param done as in {@link Errand.Fate.Failed}
   */
  record Failed(String why, boolean keep, int done) implements Outcome {
    Failed(String why, boolean keep) {
      this(why, keep, Errand.Fate.Failed.UNKNOWN);
    }
  }

  /** Its effect is in flight. */
  record Pending(EffectId effect) implements Outcome {}

  static Outcome failed(String why) {
    return new Failed(why, false);
  }
}
