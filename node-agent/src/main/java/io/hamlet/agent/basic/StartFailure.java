package io.hamlet.agent.basic;

import java.util.List;

/** The daemon cannot start. */
public final class StartFailure extends Exception {
  private static final long serialVersionUID = 1;

  /** What is in the way. */
  public enum Kind {
    /** The two files, one message for each fault. */
    CONFIGURATION,
    CANNOT_WRITE,
    /** Another one lives there. */
    TAKEN,
    NO_MANAGER
  }

  private final Kind kind;
  private final transient List<String> messages;

  StartFailure(Kind kind, List<String> messages) {
    super(String.join("\n", messages));
    this.kind = kind;
    this.messages = List.copyOf(messages);
  }

  public Kind kind() {
    return kind;
  }

  public List<String> messages() {
    return messages;
  }
}
