package io.hamlet.manager.port;

/** Who is told that a leash has ended what its node ran, with its managers. */
public interface Obituaries {
  /**
   * It is proven by a secret whose hash was committed. May be told again and again. On a thread of
   * the adapter; must return quickly.
   *
   * @param incarnation of the node; nothing runs any more that this one was granted
   * @param all false: what may be kept without quorum may still run
   */
  void ended(String node, long incarnation, boolean all);
}
