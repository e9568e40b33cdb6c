package io.hamlet.agent.os;

import java.util.List;

/**
 * A process to be made: in {@code /}, with default signals and no signal blocked, and with no
 * descriptor of ours but those named.
 *
 * @param program absolute path
 * @param argv all of it, the name first
 * @param environment entries of the form NAME=VALUE
 * @param descriptors what it gets; all others are closed
 * @param apart in a session of its own; false: in a process group of its own in our session, so
 *     that the kernel hangs it up and has it go on if we die while it is stopped
 */
public record SpawnRequest(
    String program,
    List<String> argv,
    List<String> environment,
    List<Given> descriptors,
    boolean apart) {
  /** A file for each of the standard descriptors that is not given. */
  public static final String NULL_DEVICE = "/dev/null";

  /**
   * @param ours the descriptor in this process
   * @param theirs its number in the new one, 0 to 63
   */
  public record Given(int ours, int theirs) {}

  /** In a session of its own. */
  public SpawnRequest(
      String program, List<String> argv, List<String> environment, List<Given> descriptors) {
    this(program, argv, environment, descriptors, true);
  }

  public SpawnRequest {
    argv = List.copyOf(argv);
    environment = List.copyOf(environment);
    descriptors = List.copyOf(descriptors);
    for (Given given : descriptors) {
      if (given.theirs < 0 || given.theirs > 63 || given.ours < 0) {
        throw new IllegalArgumentException("descriptor " + given + " is out of range");
      }
    }
  }
}
