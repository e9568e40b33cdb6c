package io.hamlet.it.sim;

import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.Exit;
import io.hamlet.core.model.ProcessId;

/** One process of the simulated host: a gate first, perhaps a program later. One thread. */
final class SimProcess {
  final ProcessId id;

  /** The start it was made for; null for a process that nobody here started. */
  final EffectId effect;

  /** Null while it is a gate. */
  String program;

  /** Null while it lives. */
  Exit exit;

  SimProcess(ProcessId id, EffectId effect, String program) {
    this.id = id;
    this.effect = effect;
    this.program = program;
  }

  boolean isGate() {
    return program == null;
  }

  boolean lives() {
    return exit == null;
  }

  @Override
  public String toString() {
    return (isGate() ? "gate" : program) + " " + id.pid() + (lives() ? "" : " (" + exit + ")");
  }
}
