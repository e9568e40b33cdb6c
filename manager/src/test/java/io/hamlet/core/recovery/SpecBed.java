package io.hamlet.core.recovery;

import org.junit.jupiter.api.AfterEach;

/** A fresh bed for each rule; whatever the rule did must replay to the same state and effects. */
abstract class SpecBed {
  final Bed bed = new Bed();

  @AfterEach
  void theJournalReplays() {
    bed.assertReplays();
  }
}
