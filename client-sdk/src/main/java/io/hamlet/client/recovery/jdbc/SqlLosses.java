package io.hamlet.client.recovery.jdbc;

import io.hamlet.client.recovery.Loss;
import io.hamlet.client.recovery.Losses;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;

/** Which errors of a database mean that the connection is lost: class 08, and its shutdown. */
public final class SqlLosses {
  /** By SQLSTATE, else by the type of the exception. */
  public static final Losses USUAL = SqlLosses::of;

  private SqlLosses() {}

  private static Loss of(Throwable error) {
    if (!(error instanceof SQLException e)) {
      return Loss.NONE;
    }
    String state = e.getSQLState() == null ? "" : e.getSQLState();
    return switch (state) {
      // No connection was there, or none could be made, or the server does not take any yet.
      case "08003", "08001", "08004", "57P03" -> Loss.BEFORE_SENDING;
      // Shut down by the administrator, or after the crash of a sibling.
      case "57P01", "57P02" -> Loss.LOST;
      case String s when s.startsWith("08") -> Loss.LOST;
      case "" -> byType(e);
      default -> Loss.NONE;
    };
  }

  private static Loss byType(SQLException e) {
    return e instanceof SQLRecoverableException
            || e instanceof SQLNonTransientConnectionException
            || e instanceof SQLTransientConnectionException
        ? Loss.LOST
        : Loss.NONE;
  }
}
