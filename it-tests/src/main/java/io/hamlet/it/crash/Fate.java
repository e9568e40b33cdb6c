package io.hamlet.it.crash;

import io.hamlet.agent.os.Kernel;
import io.hamlet.agent.os.ffm.FfmKernel;
import io.hamlet.core.model.Name;
import io.hamlet.core.recovery.Effect;
import io.hamlet.core.recovery.Entry;
import io.hamlet.core.recovery.HamEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where a manager is in its recovery, and where it dies: by SIGKILL to itself, so that none of its
 * threads does anything more. Counting begins with the first death of an entity. Core thread, but
 * for {@link #read}.
 *
 * <p>Places have names such as {@code after perform Go 2}, the second since the death. All that are
 * passed before that death are appended to the file {@code passed} beside the plan. What is told
 * only in memory ({@link Effect.Announce}) is no place of its own.
 */
public final class Fate {
  private static final Kernel KERNEL = new FfmKernel();
  private static final long PID = ProcessHandle.current().pid();

  /** Whom a Guardian has die for practice. */
  private static final Name DRILL = new Name("drill");

  private static final Map<String, Integer> TIMES = new HashMap<>();

  private static String end = "";
  private static Path passed;
  private static boolean begun;

  private Fate() {}

  /**
   * @param plan holds the name of the place to die in; empty: none
   */
  static void read(Path plan) throws IOException {
    end = Files.readString(plan).strip();
    passed = plan.resolveSibling("passed");
  }

  /** Called by the changed classes. */
  public static void before(Object what) {
    begun |=
        what instanceof Entry e
            && e.event() instanceof HamEvent.Died death
            && !death.entity().equals(DRILL);
    pass("before ", what);
  }

  /** Called by the changed classes. */
  public static void after(Object what) {
    pass("after ", what);
  }

  private static void pass(String when, Object what) {
    if (!begun || what instanceof Effect.Announce || Files.exists(died())) {
      return;
    }
    String kind =
        what instanceof Entry e
            ? when + "append " + e.event().getClass().getSimpleName()
            : when + "perform " + what.getClass().getSimpleName();
    String name = kind + " " + TIMES.merge(kind, 1, Integer::sum);
    try {
      Files.write(passed, List.of(name), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (name.equals(end) && isFirst()) {
      KERNEL.kill(PID, Kernel.SIGKILL);
      throw new IllegalStateException("unreachable");
    }
  }

  /** A Guardian is born with the options of its HAM, and is not to die where that did. */
  private static boolean isFirst() {
    try {
      Files.createFile(died());
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path died() {
    return passed.resolveSibling("died");
  }
}
