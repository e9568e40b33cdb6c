package io.hamlet.it.sim;

import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.Exit;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.recovery.Effect;

/** One process of the simulated host: a gate first, perhaps a program later. One thread. */
final class SimProcess {
  final ProcessId id;

  /** The start it was made for; null for a process that nobody here started. */
  final EffectId effect;

  /** Where it stands. */
  final Effect.House house;

  /** Its number to who counts those of the cluster; 0: it is none, or not running. */
  long run;

  /** Null while it is a gate. */
  String program;

  /** Null while it lives. */
  Exit exit;

  SimProcess(ProcessId id, EffectId effect, String program, Effect.House house) {
    this.id = id;
    this.effect = effect;
    this.program = program;
    this.house = house;
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
