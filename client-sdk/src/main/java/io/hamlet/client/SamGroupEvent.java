package io.hamlet.client;

import java.util.List;

/**
 * What happens in a group, in the one order in which all members hear it.
 *
 * @param kind what it is
 * @param member of whom, {@code node:program#instance}; empty for MISSED
 * @param why who has left did: {@code left}, {@code ended}, {@code lost} with its node, {@code
 *     stopped} with it
 * @param members of the group after it; empty for messages
 * @param message what was said; empty unless it is one
 */
public record SamGroupEvent(
    Kind kind, String member, String why, List<String> members, byte[] message) {
  /** What can happen. */
  public enum Kind {
    JOINED,
    LEFT,
    MESSAGE,
    /** This reader was so slow that some of it is known no more. */
    MISSED
  }

  public SamGroupEvent {
    members = List.copyOf(members);
  }
}
