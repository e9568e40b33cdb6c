package io.hamlet.agent.basic;

import java.lang.reflect.Proxy;

/** Hears SIGHUP. The JDK has no supported way but this, and it may be missing: then nothing is. */
final class Hangup {
  private Hangup() {}

  /** Calls the listener for each; false when this JVM cannot. */
  static boolean onSignal(Runnable listener) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object proxy =
          Proxy.newProxyInstance(
              Hangup.class.getClassLoader(),
              new Class<?>[] {handler},
              (self, method, arguments) -> {
                if (method.getName().equals("handle")) {
                  listener.run();
                  return null;
                }
                return method.getName().equals("equals") ? self == arguments[0] : 0;
              });
      Object hup = signal.getConstructor(String.class).newInstance("HUP");
      signal.getMethod("handle", signal, handler).invoke(null, hup, proxy);
      return true;
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      return false;
    }
  }
}
