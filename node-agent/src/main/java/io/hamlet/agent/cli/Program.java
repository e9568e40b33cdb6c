package io.hamlet.agent.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Makes a command line of the caller absolute, as a manager elsewhere needs it. */
final class Program {
  private Program() {}

  /**
   * A program without slash is looked for in the caller's PATH, a relative one in its directory;
   * the arguments stay as they are. Throws {@link Failure}.
   */
  static List<String> absolute(List<String> argv, Caller caller) {
    List<String> absolute = new ArrayList<>(argv);
    absolute.set(0, find(argv.getFirst(), caller).toString());
    return absolute;
  }

  private static Path find(String program, Caller caller) {
    Path found = lookUp(program, caller);
    if (found == null) {
      throw new Failure(
          ExitCode.REFUSED, "there is no program '" + program + "' in PATH; give its full path");
    }
    return found;
  }

  /** Null when it is nowhere in PATH; what has a slash is not looked at. */
  static Path lookUp(String program, Caller caller) {
    if (program.contains("/")) {
      return caller.directory().resolve(program).normalize();
    }
    for (String directory : caller.variable("PATH", "/usr/local/bin:/usr/bin:/bin").split(":")) {
      Path candidate = caller.directory().resolve(directory).resolve(program);
      if (!program.isEmpty() && Files.isRegularFile(candidate) && Files.isExecutable(candidate)) {
        return candidate.normalize();
      }
    }
    return null;
  }
}
