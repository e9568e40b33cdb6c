package io.hamlet.agent.supervise;

/**
 * Who starts the program, warns it, ends it and starts it again: the manager, or we ourselves. For
 * the thread of the reactor; nothing here waits for anybody. What is asked is done in its order.
 */
interface Supervisor extends AutoCloseable {
  /** Hears what becomes of the program. */
  interface Listener {
    /**
     * An instance runs.
     *
     * @param instance from 1
     * @param isSupervised it is started already
     * @param isTakenUp it ran before we came
     */
    void began(long instance, long pid, boolean isSupervised, boolean isTakenUp);

    /** It is started, by us or by somebody else. */
    void started();

    /** It was told that it will be killed. */
    void warned(String why);

    /** An instance has died, just now; what it said before is to be heard before the rest. */
    void dying();

    /**
     * An instance has ended; another may follow.
     *
     * @param byItself nobody has made it end
     * @param status to exit with if none does
     */
    void ended(long instance, String how, boolean byItself, int status);

    /**
     * Nothing follows any more.
     *
     * @param status to exit with
     */
    void over(int status, String why);

    /** For people. */
    void told(String line);
  }

  /** Starts the program, or takes up one that runs. */
  void begin(Listener listener);

  void start();

  /**
   * Supervision off.
   *
   * @param ofItself the program wants it. Not done when it was warned: whoever goes because of a
   *     warning has failed
   */
  void stop(boolean ofItself);

  void beat();

  void unhealthy(String why);

  /** Hands a signal on to the program; without one there is none to come. */
  void signal(int number);

  /** Lets go of it; the program runs on if it runs. */
  @Override
  void close();
}
