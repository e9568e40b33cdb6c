package io.hamlet.client.recovery.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.sql.SQLException;

/**
 * A call of JDBC that can be made on whichever connection or statement there is. A round trip to a
 * database costs a thousand times what reflection does.
 */
record Invocation(Method method, Object[] arguments) {
  /** Throws what the method throws. */
  Object on(Object target) throws SQLException {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      switch (e.getCause()) {
        case SQLException sql -> throw sql;
        case RuntimeException own -> throw own;
        case Error error -> throw error;
        case Throwable other -> throw new SQLException(other);
      }
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(method + " cannot be called", e);
    }
  }

  String name() {
    return method.getName();
  }

  /** What a later call of the same kind replaces: a setting, or one parameter. */
  String key() {
    boolean parameter =
        arguments != null
            && arguments.length >= 2
            && (arguments[0] instanceof Integer || arguments[0] instanceof String);
    return parameter ? "parameter " + arguments[0] : name();
  }

  /** A stream is read once, and cannot be given again. */
  boolean isSpent() {
    for (Object argument : arguments == null ? new Object[0] : arguments) {
      if (argument instanceof java.io.InputStream || argument instanceof java.io.Reader) {
        return true;
      }
    }
    return false;
  }
}
