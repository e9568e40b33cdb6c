package io.hamlet.agent.script.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Programs of the system, wherever it keeps them and whatever our own PATH says. */
public final class Tools {
  private static final List<String> PLACES = List.of(GroupRun.PATH.split(":"));

  private Tools() {}

  /** Its absolute path; the plain name when it is nowhere, so that starting it fails by name. */
  public static String find(String name) {
    for (String place : PLACES) {
      Path program = Path.of(place, name);
      if (Files.isExecutable(program)) {
        return program.toString();
      }
    }
    return name;
  }
}
