package io.hamlet.core.recovery;

import io.hamlet.core.model.EffectId;

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
   */
  record Failed(String why, boolean keep) implements Outcome {}

  /** Its effect is in flight. */
  record Pending(EffectId effect) implements Outcome {}

  static Outcome failed(String why) {
    return new Failed(why, false);
  }
}
