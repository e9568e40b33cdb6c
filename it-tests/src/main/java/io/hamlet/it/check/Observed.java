package io.hamlet.it.check;

import io.hamlet.core.model.Name;
import io.hamlet.core.model.ProcessId;
import java.util.List;

/**
 * What the host, not the manager, knows of the program of an entity.
 *
 * @param starts how often it began to run
 * @param living its processes that live now
 */
public record Observed(Name entity, int starts, List<ProcessId> living) {
  public Observed {
    living = List.copyOf(living);
  }
}
