package io.hamlet.manager.port;

import io.hamlet.core.recovery.HamEvent;

/** Where adapters put what happened. Thread-safe; never blocks; order per poster is kept. */
public interface Inbox {
  void post(HamEvent event);
}
