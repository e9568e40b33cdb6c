package io.hamlet.manager.port;

/** Told when pulses wait in a channel. Called on the core thread; must not block. */
public interface PulseBell {
  void waiting(long pid, int channel);
}
