package io.hamlet.manager.member;

import io.hamlet.core.recovery.HamState;
import io.hamlet.manager.port.History;
import io.hamlet.manager.port.Replicas;

/** A replica of which only the state is asked. */
record KeptTree(HamState state) implements Replicas.Tree {
  @Override
  public History history() {
    throw new IllegalStateException("nobody reads it");
  }
}
