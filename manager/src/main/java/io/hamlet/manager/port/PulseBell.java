package io.hamlet.manager.port;

/** Told when pulses wait in a channel. Core thread; returns at once. */
public interface PulseBell {
  void waiting(long pid, int channel);
}
