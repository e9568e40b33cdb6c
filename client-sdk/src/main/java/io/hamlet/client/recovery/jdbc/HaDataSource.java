package io.hamlet.client.recovery.jdbc;

import io.hamlet.client.recovery.Terms;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.logging.Logger;
import javax.sql.DataSource;

/**
 * A data source whose connections heal. Immutable and thread-safe.
 *
 * <p>A connection that was lost is opened anew and gets its settings back: auto-commit, read-only,
 * isolation, catalog, schema and the like, and its prepared statements with their parameters. Then
 *
 * <ul>
 *   <li>outside of a transaction a statement is issued again, if the connection is read-only or the
 *       statement was said to be repeatable; others end with SQLSTATE 08007;
 *   <li>an open transaction is lost, and fails once, with SQLSTATE 40001: begin it again;
 *   <li>a commit in flight ends with SQLSTATE 08007: look whether it was done.
 * </ul>
 *
 * A result set that is not in memory yet ends with the error of the driver.
 *
 * @param below opens the connections
 * @param patience how long to try to open one again
 * @param repeatable which SQL may be issued again; nothing is guessed from the text
 * @param prepare restores what the SQL of a program has set; for new and for healed connections
 * @param terms losses are those of databases, whatever is said here
 */
public record HaDataSource(
    DataSource below, Duration patience, Predicate<String> repeatable, Prepare prepare, Terms terms)
    implements DataSource {
  /** Makes a fresh connection fit for use. */
  @FunctionalInterface
  public interface Prepare {
    void prepare(Connection fresh) throws SQLException;
  }

  public HaDataSource {
    Objects.requireNonNull(below, "below");
    Objects.requireNonNull(patience, "patience");
    Objects.requireNonNull(repeatable, "repeatable");
    Objects.requireNonNull(prepare, "prepare");
    terms = terms.losses(SqlLosses.USUAL);
  }

  /** Tries for 30 s; repeats nothing but what is read-only. */
  public static HaDataSource over(DataSource below) {
    return new HaDataSource(below, Duration.ofSeconds(30), sql -> false, c -> {}, Terms.USUAL);
  }

  /** With other statements that may be issued again. */
  public HaDataSource repeating(Predicate<String> which) {
    return new HaDataSource(below, patience, which, prepare, terms);
  }

  /** With other terms; the losses in them are not looked at. */
  public HaDataSource terms(Terms other) {
    return new HaDataSource(below, patience, repeatable, prepare, other);
  }

  @Override
  public Connection getConnection() throws SQLException {
    return ConnectionCover.open(this, below::getConnection);
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    return ConnectionCover.open(this, () -> below.getConnection(user, password));
  }

  @Override
  public PrintWriter getLogWriter() throws SQLException {
    return below.getLogWriter();
  }

  @Override
  public void setLogWriter(PrintWriter to) throws SQLException {
    below.setLogWriter(to);
  }

  @Override
  public void setLoginTimeout(int seconds) throws SQLException {
    below.setLoginTimeout(seconds);
  }

  @Override
  public int getLoginTimeout() throws SQLException {
    return below.getLoginTimeout();
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    return below.getParentLogger();
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    return type.isInstance(this) ? type.cast(this) : below.unwrap(type);
  }

  @Override
  public boolean isWrapperFor(Class<?> type) throws SQLException {
    return type.isInstance(this) || below.isWrapperFor(type);
  }
}
