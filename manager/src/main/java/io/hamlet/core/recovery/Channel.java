package io.hamlet.core.recovery;

import io.hamlet.core.model.ProcessId;
import org.pcollections.PVector;

/**
 * Pulses on their way to one receiver; kept until it acknowledges them (architecture.md 6).
 *
 * @param next number of the next pulse, from 1
 * @param pulses unacknowledged, oldest first
 */
public record Channel(ProcessId owner, long next, PVector<Pulse> pulses) {
  /** One pulse. */
  public record Pulse(long number, int code, long value) {}
}
