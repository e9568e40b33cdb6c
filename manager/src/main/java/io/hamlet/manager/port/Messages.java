package io.hamlet.manager.port;

import io.hamlet.core.model.Moment;

/** Where messages of supervised programs are noted; they never enter the log. Thread-safe. */
public interface Messages {
  /** A message of that instance came now; one of an instance that is not listened to is nothing. */
  void heard(long uid, long instance);

  /** When the newest message of that program came, as far as is known here; null: none did. */
  Moment newest(long uid);

  /** For a manager that supervises nothing. */
  Messages NONE =
      new Messages() {
        @Override
        public void heard(long uid, long instance) {
          // Nobody listens.
        }

        @Override
        public Moment newest(long uid) {
          return null;
        }
      };
}
