package io.hamlet.client.recovery.jdbc;

import io.hamlet.client.recovery.AttachException;
import io.hamlet.client.recovery.Ha;
import io.hamlet.client.recovery.HaConnection;
import io.hamlet.client.recovery.Opener;
import io.hamlet.client.recovery.Operation;
import io.hamlet.client.recovery.OutcomeUnknown;
import io.hamlet.client.recovery.Recovering;
import io.hamlet.client.recovery.Repeat;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransactionRollbackException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/** Stands for a connection: its settings, and the transaction that is open on it. */
final class ConnectionCover implements InvocationHandler {
  private final HaDataSource source;
  private final Opener<Connection> opener;
  private final Map<String, Invocation> settings = new LinkedHashMap<>();

  /** The connection below on which a transaction is open; null: none. */
  private final AtomicReference<Connection> transaction = new AtomicReference<>();

  private HaConnection<Connection> connection;
  private volatile boolean autoCommit;
  private volatile boolean readOnly;

  private ConnectionCover(HaDataSource source, Opener<Connection> opener) {
    this.source = source;
    this.opener = opener;
  }

  static Connection open(HaDataSource source, Opener<Connection> opener) throws SQLException {
    ConnectionCover cover = new ConnectionCover(source, opener);
    try {
      cover.connection = Ha.open(cover::fresh, cover::recover, source.terms());
    } catch (SQLException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new SQLException(e);
    }
    Connection first = cover.connection.seat().connection();
    cover.autoCommit = first.getAutoCommit();
    cover.readOnly = first.isReadOnly();
    return cover.proxy();
  }

  private Connection proxy() {
    return (Connection)
        Proxy.newProxyInstance(
            ConnectionCover.class.getClassLoader(), new Class<?>[] {Connection.class}, this);
  }

  /** A connection with all settings made so far. */
  private Connection fresh() throws Exception {
    Connection fresh = opener.open();
    try {
      source.prepare().prepare(fresh);
      for (Invocation setting : copyOfSettings()) {
        setting.on(fresh);
      }
      return fresh;
    } catch (SQLException | RuntimeException e) {
      fresh.close();
      throw e;
    }
  }

  private int recover(Recovering<Connection> it) throws Exception {
    return it.reopen(this::fresh, source.patience());
  }

  @Override
  public Object invoke(Object proxy, Method method, Object[] arguments) throws SQLException {
    Invocation call = new Invocation(method, arguments);
    return switch (method.getName()) {
      case "equals" -> proxy == arguments[0];
      case "hashCode" -> System.identityHashCode(proxy);
      case "toString" -> "cover of a connection, " + connection.id();
      case "close" -> close();
      case "isClosed" -> connection.isClosed();
      case "abort", "unwrap", "isWrapperFor" -> call.on(connection.seat().connection());
      case "createStatement", "prepareStatement", "prepareCall" ->
          StatementCover.make(this, (Connection) proxy, call);
      case "commit" -> end(call);
      case "rollback" -> arguments == null ? rollBack(call) : within(call);
      case "setSavepoint", "releaseSavepoint" -> within(call);
      case "setAutoCommit" -> setAutoCommit(call);
      case String name when name.startsWith("set") -> set(call);
      default -> issue(Repeat.IDEMPOTENT, call::on);
    };
  }

  /** Whether a statement may be issued again outside of a transaction. */
  Repeat repeat(String sql) {
    boolean again = readOnly || sql != null && source.repeatable().test(sql);
    return again ? Repeat.IDEMPOTENT : Repeat.ONCE;
  }

  /** Issues a statement, in the transaction if there is to be one. */
  <R> R execute(Repeat repeat, Operation<Connection, R, SQLException> statement)
      throws SQLException {
    if (autoCommit) {
      return issue(repeat, statement);
    }
    return issue(
        Repeat.IDEMPOTENT,
        c -> {
          Connection begun = transaction.compareAndExchange(null, c);
          if (begun != null && begun != c) {
            throw lost();
          }
          return statement.on(c);
        });
  }

  /** The errors of recoveries as those of JDBC. */
  <R> R issue(Repeat repeat, Operation<Connection, R, SQLException> operation) throws SQLException {
    try {
      return connection.call(repeat, operation);
    } catch (OutcomeUnknown e) {
      throw new SQLException(e.getMessage(), "08007", e);
    } catch (AttachException e) {
      throw new SQLNonTransientConnectionException(e.getMessage(), "08003", e);
    }
  }

  private Object within(Invocation call) throws SQLException {
    return execute(Repeat.ONCE, call::on);
  }

  /** Commits. What began on a connection that is gone is gone too. */
  private Object end(Invocation call) throws SQLException {
    Connection begun = transaction.get();
    if (begun == null) {
      return issue(Repeat.IDEMPOTENT, call::on);
    }
    try {
      return issue(
          Repeat.ONCE,
          c -> {
            if (c != begun) {
              throw lost();
            }
            return call.on(c);
          });
    } finally {
      transaction.set(null);
    }
  }

  private Object rollBack(Invocation call) throws SQLException {
    Connection begun = transaction.getAndSet(null);
    return issue(Repeat.IDEMPOTENT, c -> begun != null && c != begun ? null : call.on(c));
  }

  /** It commits what is open. */
  private Object setAutoCommit(Invocation call) throws SQLException {
    boolean on = (Boolean) call.arguments()[0];
    Object nothing =
        transaction.get() != null && on ? end(call) : issue(Repeat.IDEMPOTENT, call::on);
    keep(call);
    autoCommit = on;
    return nothing;
  }

  private Object set(Invocation call) throws SQLException {
    Object nothing = issue(Repeat.IDEMPOTENT, call::on);
    keep(call);
    if (call.name().equals("setReadOnly")) {
      readOnly = (Boolean) call.arguments()[0];
    }
    return nothing;
  }

  private void keep(Invocation setting) {
    synchronized (settings) {
      settings.put(
          setting.name().equals("setClientInfo") ? setting.key() : setting.name(), setting);
    }
  }

  private List<Invocation> copyOfSettings() {
    synchronized (settings) {
      return List.copyOf(settings.values());
    }
  }

  private Object close() throws SQLException {
    try {
      connection.end();
    } catch (SQLException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new SQLException(e);
    }
    return null;
  }

  private SQLException lost() {
    transaction.set(null);
    return new SQLTransactionRollbackException(
        "the connection was lost and is healed; its transaction is gone: retry this transaction",
        "40001");
  }
}
