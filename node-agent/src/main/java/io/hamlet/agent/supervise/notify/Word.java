package io.hamlet.agent.supervise.notify;

import java.time.Duration;

/** One thing that a program says of itself (sd_notify(3)). */
public sealed interface Word {
  /** It has started up, or is done with reading its configuration again. */
  record Ready() implements Word {}

  /** It reads its configuration again; {@link Ready} follows. */
  record Reloading() implements Word {}

  /** It begins to end, of its own will. */
  record Stopping() implements Word {}

  /** It lives. */
  record Alive() implements Word {}

  /** It is unwell and wants to be treated as if it had hung. */
  record Trigger() implements Word {}

  /** From now on it says that it lives at least that often. */
  record Period(Duration every) implements Word {}

  /** It is busy, and cannot say that it lives for that long. */
  record Extend(Duration by) implements Word {}

  /** Another process is the program from now on. */
  record MainPid(long pid) implements Word {}

  /** How it is, for people; one line. */
  record Status(String text) implements Word {}

  /** What went wrong with it, for people; one line. */
  record Error(String text) implements Word {}

  /** Something that is not done here, for people: what, and why not. */
  record Refused(String text) implements Word {}

  /** Something that cannot be meant, for people: what, and what is. */
  record Faulty(String text) implements Word {}
}
