package io.hamlet.client;

/**
 * An object of the tree: a handle, or a name.
 *
 * <p>A handle ({@link #uid} is not 0) means one object; when that is gone every call is refused
 * with NOT_FOUND, even if the name lives again. A name means whatever has it at the time of the
 * call.
 */
public sealed interface HamObject permits Entity, Condition, Action {
  /** Whose tree; empty: of the manager that is asked. */
  String node();

  /** {@code entity}, {@code entity/condition} or {@code entity/condition/action}. */
  String path();

  /** Number of the handle; 0: a name. */
  long uid();

  /** How far the call had got that made this object; null when no call did. */
  Receipt receipt();

  /** Removes a condition with its actions, an action, or a placeholder. */
  Receipt remove() throws InterruptedException;

  /**
   * Un-hides it (ham.md 2.8).
   *
   * @param recurse everything below too
   */
  Receipt enable(boolean recurse) throws InterruptedException;

  /** Hides it: it is not removed, but nothing happens by it. */
  Receipt disable(boolean recurse) throws InterruptedException;

  /** Its flags, as bits of {@link Flag}. */
  int flags() throws InterruptedException;

  /** Adds flags of its kind; answers with all it then has. */
  Answer<Integer> addFlags(Flag... flags) throws InterruptedException;

  Answer<Integer> removeFlags(Flag... flags) throws InterruptedException;

  Answer<Integer> setFlags(Flag... flags) throws InterruptedException;
}
