package io.hamlet.client;

/** What a program does while it leads. */
@FunctionalInterface
public interface LeaderWork {
  /**
   * Runs in a thread of its own while this program leads. When the right is lost, or given up, the
   * thread is interrupted; no other begins before its right is over, and in this program not before
   * this has returned. It is entered again when this program leads again.
   *
   * <p>To return, or to throw, while the right stands is to be done: it is given up for good.
   */
  void run(Term term) throws Exception;
}
