package io.hamlet.manager.port;

import io.hamlet.core.model.Entity;
import java.nio.file.Path;

/** Where the output of entities is kept. Any thread. */
public interface OutputFiles {
  /** The file that the entity's output goes to now, or null when it is not captured. */
  Path of(Entity entity);
}
