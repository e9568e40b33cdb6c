package io.hamlet.client.recovery;

import java.lang.reflect.Method;

/** Says of each method of a covered interface whether it may be sent again. */
@FunctionalInterface
public interface Repeats {
  Repeat of(Method method);
}
