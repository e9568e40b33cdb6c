package io.hamlet.client.recovery.jdbc;

import io.hamlet.client.recovery.Repeat;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Stands for a statement: how it was made, its settings, parameters and batch, so that it can be
 * made again on another connection. For one thread, as statements are.
 */
final class StatementCover implements InvocationHandler {
  private final ConnectionCover cover;
  private final Connection proxy;
  private final Invocation maker;
  private final Map<String, Invocation> settings = new LinkedHashMap<>();

  /** What was added to the batch, each with what was set before it. */
  private final List<List<Invocation>> batch = new ArrayList<>();

  private Connection madeOn;
  private Statement made;
  private boolean closed;

  private StatementCover(ConnectionCover cover, Connection proxy, Invocation maker) {
    this.cover = cover;
    this.proxy = proxy;
    this.maker = maker;
  }

  static Object make(ConnectionCover cover, Connection proxy, Invocation maker)
      throws SQLException {
    StatementCover statement = new StatementCover(cover, proxy, maker);
    cover.issue(Repeat.IDEMPOTENT, statement::on);
    return Proxy.newProxyInstance(
        StatementCover.class.getClassLoader(),
        new Class<?>[] {maker.method().getReturnType()},
        statement);
  }

  @Override
  public Object invoke(Object self, Method method, Object[] arguments) throws SQLException {
    Invocation call = new Invocation(method, arguments);
    String name = method.getName();
    return switch (name) {
      case "equals" -> self == arguments[0];
      case "hashCode" -> System.identityHashCode(self);
      case "toString" -> "cover of " + made;
      case "close" -> close();
      case "isClosed" -> closed || made.isClosed();
      case "getConnection" -> proxy;
      case "executeBatch", "executeLargeBatch" -> executeBatch(call);
      case "execute", "executeQuery", "executeUpdate", "executeLargeUpdate" -> execute(call);
      case "addBatch" -> addBatch(call);
      case "clearBatch", "clearParameters" -> clear(call);
      case String s when s.startsWith("set") || s.startsWith("register") -> set(call);
      default -> call.on(made);
    };
  }

  private Object execute(Invocation call) throws SQLException {
    Object[] arguments = call.arguments();
    Object first = arguments == null ? argumentOfMaker() : arguments[0];
    return run(cover.repeat(first instanceof String sql ? sql : null), call);
  }

  private Object argumentOfMaker() {
    return maker.arguments() == null ? null : maker.arguments()[0];
  }

  private Object executeBatch(Invocation call) throws SQLException {
    boolean again =
        argumentOfMaker() instanceof String sql && cover.repeat(sql) == Repeat.IDEMPOTENT;
    try {
      return run(again ? Repeat.IDEMPOTENT : Repeat.ONCE, call);
    } finally {
      batch.clear();
    }
  }

  private Object run(Repeat repeat, Invocation call) throws SQLException {
    if (closed) {
      throw new SQLNonTransientException("the statement is closed", "55000");
    }
    return cover.execute(repeat, c -> call.on(on(c)));
  }

  private Object set(Invocation call) throws SQLException {
    Object nothing = call.on(made);
    settings.put(call.key(), call);
    return nothing;
  }

  private Object addBatch(Invocation call) throws SQLException {
    Object nothing = call.on(made);
    List<Invocation> one = new ArrayList<>(settings.values());
    one.add(call);
    batch.add(one);
    return nothing;
  }

  private Object clear(Invocation call) throws SQLException {
    Object nothing = call.on(made);
    if (call.name().equals("clearBatch")) {
      batch.clear();
    } else {
      settings.keySet().removeIf(key -> key.startsWith("parameter "));
    }
    return nothing;
  }

  private Object close() throws SQLException {
    closed = true;
    made.close();
    return null;
  }

  /** The statement on that connection, made again if it was made on another. */
  private Statement on(Connection connection) throws SQLException {
    if (connection != madeOn) {
      Statement again = (Statement) maker.on(connection);
      for (List<Invocation> one : batch) {
        replay(one, again);
      }
      replay(List.copyOf(settings.values()), again);
      made = again;
      madeOn = connection;
    }
    return made;
  }

  private static void replay(List<Invocation> calls, Statement to) throws SQLException {
    for (Invocation call : calls) {
      if (call.isSpent()) {
        throw new SQLNonTransientException(
            "healed, but a parameter is a stream and cannot be read again", "55000");
      }
      call.on(to);
    }
  }
}
