package io.hamlet.it.house;

import java.util.ArrayList;
import java.util.List;

/**
 * Names that must not occur, where, and why. A name is a package, a class, or a member of one; a
 * member can be given with its parameters.
 */
final class Bans {
  /** For main code: where (below {@code io.hamlet}), what, why. */
  static final String TABLE =
      """
      core | java.io | files and streams
      core | java.net | the network
      core | java.nio.file | files
      core | java.nio.channels | files and the network
      core | java.util.concurrent | threads
      core | java.util.logging | logs are written by the loop
      core | java.lang.Thread | threads
      core | java.lang.ThreadLocal | state that is not in the state
      core | java.lang.foreign | native memory
      core | java.lang.reflect | the core is plain code
      core | java.lang.Process | processes are the agent's
      core | java.lang.ProcessBuilder | processes are the agent's
      core | java.lang.ProcessHandle | processes are the agent's
      core | java.lang.Runtime | the machine it runs on
      core | java.lang.System.currentTimeMillis | time is an event
      core | java.lang.System.nanoTime | time is an event
      core | java.lang.System.getenv | the environment differs between replicas
      core | java.lang.System.getProperty | properties differ between replicas
      core | java.lang.System.identityHashCode | differs between replicas
      core | java.lang.System.out | output is an effect
      core | java.lang.System.err | output is an effect
      core | java.lang.System.exit | ending is an effect
      core | java.time.Clock | time is an event
      core | java.time.Instant.now | time is an event
      core | java.time.LocalDateTime.now | time is an event
      core | java.time.LocalDate.now | time is an event
      core | java.time.ZonedDateTime.now | time is an event
      core | java.time.OffsetDateTime.now | time is an event
      core | java.time.ZoneId.systemDefault | differs between replicas
      core | java.util.Date | time is an event
      core | java.util.Timer | time is an event
      core | java.util.Random | chance
      core | java.util.random | chance
      core | java.util.UUID.randomUUID | chance
      core | java.lang.Math.random | chance
      core | java.security | chance and providers; digests are made at the wire
      core | java.util.Collections.shuffle | chance
      core | java.util.HashMap | order by hash; use TreePMap or LinkedHashMap
      core | java.util.HashSet | order by hash; use TreePMap or LinkedHashSet
      core | java.util.IdentityHashMap | order by address
      core | java.util.WeakHashMap | order by hash, and the collector decides
      core | java.util.Map.of | order salted per run of the JVM
      core | java.util.Map.copyOf | order salted per run of the JVM
      core | java.util.Map.ofEntries | order salted per run of the JVM
      core | java.util.Set.of | order salted per run of the JVM
      core | java.util.Set.copyOf | order salted per run of the JVM
      core | java.util.stream.Collectors.toSet | order by hash
      core | java.util.stream.Collectors.toMap | order by hash
      core | java.util.stream.Collectors.groupingBy(Ljava/util/function/Function;) | order by hash
      core | java.util.stream.Collectors.toUnmodifiableSet | order salted per run of the JVM
      core | java.util.stream.Collectors.toUnmodifiableMap | order salted per run of the JVM
      core | java.util.Collection.parallelStream | threads
      core | java.util.Locale | differs between replicas
      core | java.text | locale
      core | java.lang.String.format | locale
      core | java.lang.String.formatted | locale
      core | java.lang.String.toLowerCase() | locale
      core | java.lang.String.toUpperCase() | locale
      core | java.lang.String.getBytes() | the default charset
      core | java.lang.String.intern | state that is not in the state
      core | org.pcollections.HashTreePMap | order by hash; use TreePMap
      core | org.pcollections.HashTreePSet | order by hash; use TreePSet
      core | org.pcollections.HashPMap | order by hash; use TreePMap
      core | org.pcollections.MapPBag | order by hash
      core | org.pcollections.MapPSet | order by hash
      core manager client agent.os agent.process agent.beats agent.config | java.lang.System.out | use a logger
      core manager client agent.os agent.process agent.beats agent.config | java.lang.System.err | use a logger
      core manager client agent it v1 | sun.misc.Unsafe | no private doors of the JDK
      manager.api | io.hamlet.core.recovery.HamMachine | the API reads snapshots; the loop applies
      """;

  /** For test code of all modules. */
  static final String IN_TESTS =
      """
      core manager client agent it | java.lang.Thread.sleep | await a condition with a generous limit
      core manager client agent it | java.util.concurrent.TimeUnit.sleep | await a condition with a generous limit
      core manager client agent it | org.junit.jupiter.api.Disabled | a test that cannot run says so by an assumption
      core manager client agent it | org.mockito | stand-ins are written by hand
      core manager client agent it | org.easymock | stand-ins are written by hand
      """;

  private record Ban(List<String> where, String what, String why) {}

  private final List<Ban> bans = new ArrayList<>();

  Bans(String table) {
    for (String line : table.lines().toList()) {
      String[] cell = line.split(" \\| ");
      List<String> where = List.of(cell[0].split(" ")).stream().map(w -> "io.hamlet." + w).toList();
      bans.add(new Ban(where, cell[1], cell[2]));
    }
  }

  /** One sentence for each banned name that a class uses. */
  List<String> check(CompiledClass seen) {
    List<String> findings = new ArrayList<>();
    for (Ban ban : bans) {
      if (ban.where.stream().anyMatch(w -> isBelow(seen.name(), w)) && uses(seen, ban.what)) {
        findings.add(seen.name() + " must not use " + ban.what + ": " + ban.why);
      }
    }
    return findings;
  }

  private static boolean uses(CompiledClass seen, String what) {
    return seen.types().stream().anyMatch(t -> isBelow(t, what))
        || seen.members().stream().anyMatch(m -> names(m, what));
  }

  /** A member is named by its whole name or by the beginning of its descriptor. */
  private static boolean names(String member, String what) {
    if (!member.startsWith(what)) {
      return false;
    }
    String rest = member.substring(what.length());
    return rest.isEmpty() || rest.startsWith("(") || what.indexOf('(') >= 0;
  }

  private static boolean isBelow(String name, String stem) {
    return name.equals(stem) || name.startsWith(stem + ".") || name.startsWith(stem + "$");
  }
}
