package io.hamlet.manager.log;

import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** How numbers lie in log files: little endian, aligned, on every machine. */
final class Words {
  static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Of the words that another process waits for: acquire and release go through it. */
  static final VarHandle COMMIT = LONG.varHandle();

  private Words() {}
}
