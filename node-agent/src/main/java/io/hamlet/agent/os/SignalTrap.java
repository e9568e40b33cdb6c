package io.hamlet.agent.os;

import java.lang.reflect.Proxy;

/** Hears signals. The JDK has no supported way but this, and it may be missing: then nothing is. */
public final class SignalTrap {
  private SignalTrap() {}

  /**
   * Calls the listener for each signal, from a thread of the JVM; what the signal did before it
   * does no more.
   *
   * @param name without SIG, such as HUP
   * @return false when this JVM cannot
   */
  public static boolean on(String name, Runnable listener) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object proxy =
          Proxy.newProxyInstance(
              SignalTrap.class.getClassLoader(),
              new Class<?>[] {handler},
              (self, method, arguments) -> {
                if (method.getName().equals("handle")) {
                  listener.run();
                  return null;
                }
                return method.getName().equals("equals") ? self == arguments[0] : 0;
              });
      Object trapped = signal.getConstructor(String.class).newInstance(name);
      signal.getMethod("handle", signal, handler).invoke(null, trapped, proxy);
      return true;
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      return false;
    }
  }
}
