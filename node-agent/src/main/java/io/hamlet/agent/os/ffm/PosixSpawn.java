package io.hamlet.agent.os.ffm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.hamlet.agent.os.SpawnRequest;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * posix_spawn(3), which neither copies page tables nor runs code of ours in the child. The parent
 * death signal is never used: it would come when the spawning thread ends, not the process.
 */
final class PosixSpawn {
  private static final long ATTRIBUTES_BYTES = 336;
  private static final long ACTIONS_BYTES = 80;
  private static final long SIGNALS_BYTES = 128;
  private static final short SETPGROUP = 0x02;
  private static final short SETSIGDEF = 0x04;
  private static final short SETSIGMASK = 0x08;
  private static final short SETSID = 0x80;
  private static final int O_RDWR = 2;

  /** No descriptor of the new process has this number or a higher one. */
  private static final int HIGH = 64;

  private final MethodHandle spawn = Abi.function("posix_spawn", 6);
  private final MethodHandle init = Abi.function("posix_spawn_file_actions_init", 1);
  private final MethodHandle destroy = Abi.function("posix_spawn_file_actions_destroy", 1);
  private final MethodHandle dup2 = Abi.function("posix_spawn_file_actions_adddup2", 3);
  private final MethodHandle open = Abi.function("posix_spawn_file_actions_addopen", 5);
  private final MethodHandle closeFrom =
      Abi.function("posix_spawn_file_actions_addclosefrom_np", 2);
  private final MethodHandle changeDirectory =
      Abi.function("posix_spawn_file_actions_addchdir_np", 2);
  private final MemorySegment apart = attributes(SETSID);
  private final MemorySegment beside = attributes(SETPGROUP);
  private final long nullDevice = global(SpawnRequest.NULL_DEVICE);
  private final long root = global("/");

  private static MemorySegment attributes(short kin) {
    MemorySegment attributes = Arena.global().allocate(ATTRIBUTES_BYTES, 16);
    MemorySegment none = Arena.global().allocate(SIGNALS_BYTES, 16);
    // Not by sigfillset, which leaves out two that the library would then have ignored.
    MemorySegment all = Arena.global().allocate(SIGNALS_BYTES, 16).fill((byte) 0xFF);
    call(Abi.function("posix_spawnattr_init", 1), attributes.address());
    call(Abi.function("posix_spawnattr_setsigmask", 2), attributes.address(), none.address());
    call(Abi.function("posix_spawnattr_setsigdefault", 2), attributes.address(), all.address());
    call(
        Abi.function("posix_spawnattr_setflags", 2),
        attributes.address(),
        kin | SETSIGDEF | SETSIGMASK);
    return attributes;
  }

  long spawn(SpawnRequest request) {
    try (Arena arena = Arena.ofConfined()) {
      long actions = arena.allocate(ACTIONS_BYTES, 16).address();
      call(init, actions);
      try {
        describe(actions, request.descriptors());
        MemorySegment pid = arena.allocate(JAVA_INT);
        long result =
            call(
                spawn,
                pid.address(),
                arena.allocateFrom(request.program()).address(),
                actions,
                (request.apart() ? apart : beside).address(),
                strings(arena, request.argv()),
                strings(arena, request.environment()));
        return result != 0 ? -result : pid.get(JAVA_INT, 0);
      } finally {
        call(destroy, actions);
      }
    }
  }

  private void describe(long actions, List<SpawnRequest.Given> descriptors) {
    int above = 3;
    // Moved above all sources first, so that no target overwrites one.
    int high = HIGH;
    for (SpawnRequest.Given given : descriptors) {
      high = Math.max(high, given.ours() + 1);
    }
    for (int i = 0; i < descriptors.size(); i++) {
      call(dup2, actions, descriptors.get(i).ours(), high + i);
    }
    boolean[] given = new boolean[HIGH];
    for (int i = 0; i < descriptors.size(); i++) {
      int theirs = descriptors.get(i).theirs();
      call(dup2, actions, high + i, theirs);
      given[theirs] = true;
      above = Math.max(above, theirs + 1);
    }
    for (int standard = 0; standard < 3; standard++) {
      if (!given[standard]) {
        call(open, actions, standard, nullDevice, O_RDWR, 0);
      }
    }
    // A hole below the highest one would leak what the manager has there.
    for (int hole = 3; hole < above; hole++) {
      if (!given[hole]) {
        call(open, actions, hole, nullDevice, O_RDWR, 0);
      }
    }
    call(closeFrom, actions, above);
    call(changeDirectory, actions, root);
  }

  private static long strings(Arena arena, List<String> values) {
    MemorySegment array = arena.allocate(ADDRESS, values.size() + 1L);
    for (int i = 0; i < values.size(); i++) {
      array.setAtIndex(ADDRESS, i, arena.allocateFrom(values.get(i), StandardCharsets.UTF_8));
    }
    return array.address();
  }

  private static long global(String text) {
    return Arena.global().allocateFrom(text).address();
  }

  private static long call(MethodHandle function, long... arguments) {
    try {
      return switch (arguments.length) {
        case 1 -> (int) function.invokeExact(arguments[0]);
        case 2 -> (int) function.invokeExact(arguments[0], arguments[1]);
        case 3 -> (int) function.invokeExact(arguments[0], arguments[1], arguments[2]);
        case 5 ->
            (int)
                function.invokeExact(
                    arguments[0], arguments[1], arguments[2], arguments[3], arguments[4]);
        case 6 ->
            (int)
                function.invokeExact(
                    arguments[0],
                    arguments[1],
                    arguments[2],
                    arguments[3],
                    arguments[4],
                    arguments[5]);
        default -> throw new IllegalArgumentException("no such shape");
      };
    } catch (Throwable t) {
      throw Abi.unexpected(t);
    }
  }
}
