package io.hamlet.client.recovery;

/**
 * The way in. All of it is thread-safe.
 *
 * <p>{@link #open} and {@link #attach} give an {@link HaConnection}, through which anything can be
 * done with a connection; {@link #cover} gives an object that looks like the connection itself.
 */
public final class Ha {
  private Ha() {}

  /** Opens and attaches (ha_open, ha_ConnectAttach); throws what the opener throws. */
  public static <C> HaConnection<C> open(Opener<? extends C> opener, Recovery<C> recovery)
      throws Exception {
    return open(opener, recovery, Terms.USUAL);
  }

  /** The same under other terms. */
  public static <C> HaConnection<C> open(
      Opener<? extends C> opener, Recovery<C> recovery, Terms terms) throws Exception {
    long token = terms.server().now().token();
    return connection(opener.open(), recovery, terms, token);
  }

  /** Attaches what is open already (ha_attach); it is used through the answer from now on. */
  public static <C> HaConnection<C> attach(C connection, Recovery<C> recovery, Terms terms) {
    return connection(connection, recovery, terms, terms.server().now().token());
  }

  /** A connection that does not heal until {@link HaConnection#attach}. */
  public static <C> HaConnection<C> plain(C connection, Terms terms) {
    return new HaConnection<>(line(connection, terms, terms.server().now().token()), null);
  }

  /**
   * Opens a connection that is used through an interface, and covers it with a class generated for
   * that interface. Methods that are not marked {@link Idempotent} are {@link Repeat#ONCE}. If the
   * interface has {@code close()}, that detaches and closes.
   */
  public static <T> T cover(Class<T> type, Opener<? extends T> opener, Recovery<T> recovery)
      throws Exception {
    return cover(type, open(opener, recovery), CoverClass.MARKED);
  }

  /** The same under other terms. */
  public static <T> T cover(
      Class<T> type, Opener<? extends T> opener, Recovery<T> recovery, Terms terms)
      throws Exception {
    return cover(type, open(opener, recovery, terms), CoverClass.MARKED);
  }

  /** Covers a connection; the function says which methods may be repeated. */
  public static <T> T cover(Class<T> type, HaConnection<T> connection, Repeats repeats) {
    return type.cast(CoverClass.of(type, repeats).over(connection));
  }

  /** The connection below a cover, for control, counters, duplicates. */
  @SuppressWarnings("unchecked")
  public static <T> HaConnection<T> connection(T cover) {
    if (cover instanceof Covered covered) {
      return (HaConnection<T>) covered.haConnection();
    }
    throw new IllegalArgumentException("not a cover: " + cover);
  }

  private static <C> HaConnection<C> connection(
      C connection, Recovery<C> recovery, Terms terms, long token) {
    return new HaConnection<>(line(connection, terms, token), new RecoveryRecord<>(recovery));
  }

  private static <C> Line<C> line(C connection, Terms terms, long token) {
    if (connection == null) {
      throw new NullPointerException("no connection");
    }
    return new Line<>(connection, token, terms);
  }
}
