package io.hamlet.core.sam;

/** What a member does in its group. */
public sealed interface GroupCall {
  /** It hears all from here on. */
  record Join() implements GroupCall {}

  /**
   * It hears no more.
   *
   * @param why short and stable: {@code left}, {@code ended}, {@code stopped}
   */
  record Leave(String why) implements GroupCall {}

  /** All members hear that, the speaker too. */
  record Say(Blob message) implements GroupCall {}
}
