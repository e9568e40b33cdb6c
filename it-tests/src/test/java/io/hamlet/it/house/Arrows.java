package io.hamlet.it.house;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Who may know whom. {@link #TABLE} is the documentation and the rule at once.
 *
 * <p>A package knows itself, {@code java..} (without {@code java.lang.foreign}) and what its row
 * names, and nothing else. Names without a known beginning are below {@code io.hamlet}; two dots
 * mean "and all below". A package without a row is a finding too: think where it belongs, then add
 * it. Rows of packages that are still to come stand here as well.
 */
final class Arrows {
  static final String TABLE =
      """
      package              | knows besides itself and the JDK
      ---------------------|------------------------------------------------------------------
      v1                   | com.google.protobuf.. com.google.common.. io.grpc..
      internal.v1          | com.google.protobuf.. v1
      core                 |
      core.model           | org.pcollections
      core.recovery        | org.pcollections core.model core.sam
      core.sam             | org.pcollections core.model
      core.cluster         | org.pcollections core.model core.recovery core.sam
      core.heartbeat       | org.pcollections core.model
      core.process         | org.pcollections core.model
      core.guardian        | org.pcollections core.model
      core.lease           | org.pcollections
      manager              | manager.. core.. org.slf4j..
      manager.port         | core..
      manager.runtime      | core.. org.pcollections manager.port org.slf4j..
      manager.wire         | core.. manager.port v1 internal.v1 com.google.protobuf.. org.pcollections
      manager.disk         |
      manager.log          | core.. manager.disk manager.port manager.wire java.lang.foreign org.slf4j..
      manager.tls          | javax.net.ssl javax.security.auth.x500 org.slf4j..
      manager.api          | core.. org.pcollections manager.port manager.tls manager.wire v1 com.google.protobuf.. com.google.rpc io.grpc.. io.netty.. javax.net.ssl javax.security.auth.x500 org.slf4j..
      manager.errand       | core.. manager.port manager.runtime manager.wire org.slf4j..
      manager.lease        | core.. manager.port javax.crypto javax.crypto.spec org.slf4j..
      manager.consensus    | core.model manager.disk manager.port manager.runtime manager.tls manager.wire javax.net.ssl org.apache.ratis.. org.slf4j..
      manager.member       | core.. org.pcollections manager.port manager.runtime manager.wire org.slf4j..
      manager.cluster      | core.. manager.port manager.wire javax.crypto javax.crypto.spec org.jgroups.. org.slf4j..
      manager.replica      | core.. manager.disk manager.port manager.wire manager.log manager.runtime internal.v1 com.google.protobuf.. org.slf4j..
      client               | client.. org.slf4j..
      client.internal      | client client.heartbeat v1 com.google.protobuf.. com.google.rpc io.grpc.. io.netty.. javax.net.ssl javax.security.auth.x500 org.slf4j..
      client.heartbeat     | client java.lang.foreign org.slf4j..
      client.recovery      |
      client.recovery.io   | client.recovery
      client.recovery.jdbc | client.recovery javax.sql
      client.recovery.grpc | client.recovery io.grpc..
      client.recovery.ham  | client client.recovery
      agent                | agent.. core.. manager.. org.slf4j.. org.apache.commons.cli ch.qos.logback..
      agent.config         | core.model manager.disk agent.activity
      agent.os             | core.model manager.port org.slf4j..
      agent.os.ffm         | agent.os java.lang.foreign org.slf4j..
      agent.process        | core.. manager.disk manager.port agent.os org.slf4j..
      agent.beats          | core.. manager.disk manager.port agent.os java.lang.foreign org.slf4j..
      agent.activity       | core.. manager.port org.slf4j.. ch.qos.logback..
      agent.launcher       | agent.os org.slf4j..
      agent.leash          | core.model manager.disk manager.lease agent.os agent.process org.slf4j..
      agent.fence          | manager.port agent.os
      agent.watchdog       | core.model core.recovery core.sam manager.port org.slf4j..
      agent.cluster        | core.. org.pcollections manager.. agent.config agent.leash org.slf4j..
      agent.guardian       | core.. manager.disk manager.port manager.log manager.runtime agent.os java.lang.foreign org.slf4j..
      agent.script         |
      agent.script.run     | agent.script agent.os
      agent.basic.cluster  | client
      agent.basic          | client manager.disk agent.basic.. agent.script.. agent.config agent.os agent.os.ffm
      agent.basic.conf     | agent.script
      agent.basic.core     | agent.basic.conf agent.script
      agent.supervise      | client core.. agent.supervise.. agent.script.run agent.os agent.os.ffm
      agent.supervise.health | agent.script agent.script.run
      agent.supervise.notify | agent.os
      agent.cli            | client agent.basic.. agent.supervise agent.supervise.health agent.config agent.demo agent.os agent.os.ffm org.apache.commons.cli
      agent.demo           | client agent.config
      agent.rehearsal      | client agent.cli v1 com.google.protobuf.. io.grpc.. io.netty..
      agent.console        | client
      it.check             | core.. org.pcollections
      it..                 | it.. org.pcollections core.. manager.. client.. agent.. v1 internal.v1 io.grpc.. io.netty.. com.google.protobuf.. org.slf4j..
      """;

  /** What the table means when it says {@code core.model}, and not {@code org.jgroups}. */
  private static final Set<String> OURS =
      Set.of("v1", "internal", "core", "manager", "client", "agent", "it");

  private static final String HOME = "io.hamlet.";

  private final Map<String, List<String>> rows = new LinkedHashMap<>();

  Arrows() {
    this(TABLE);
  }

  Arrows(String table) {
    for (String line : table.lines().skip(2).toList()) {
      String[] cell = line.split("\\|", -1);
      List<String> knows = cell[1].isBlank() ? List.of() : List.of(cell[1].trim().split(" +"));
      rows.put(full(cell[0].trim()), knows.stream().map(Arrows::full).toList());
    }
  }

  /** One sentence for each thing that a class knows and may not; empty when all is well. */
  List<String> check(CompiledClass seen) {
    String home = seen.packageName();
    List<String> may =
        rows.entrySet().stream()
            .filter(row -> covers(row.getKey(), home))
            .map(Map.Entry::getValue)
            .findFirst()
            .orElse(null);
    if (may == null) {
      return List.of("package " + home + " has no row in the table of Arrows; add one");
    }
    List<String> findings = new ArrayList<>();
    for (String target : packagesOf(seen)) {
      if (!isJdk(target)
          && !target.equals(home)
          && may.stream().noneMatch(m -> covers(m, target))) {
        findings.add(seen.name() + " must not know " + target);
      }
    }
    return findings;
  }

  private static TreeSet<String> packagesOf(CompiledClass seen) {
    TreeSet<String> packages = new TreeSet<>();
    for (String type : seen.types()) {
      packages.add(type.contains(".") ? type.substring(0, type.lastIndexOf('.')) : "");
    }
    return packages;
  }

  private static boolean isJdk(String name) {
    return name.startsWith("java.") && !name.equals("java.lang.foreign");
  }

  private static boolean covers(String pattern, String name) {
    if (!pattern.endsWith("..")) {
      return pattern.equals(name);
    }
    String stem = pattern.substring(0, pattern.length() - 2);
    return name.equals(stem) || name.startsWith(stem + ".");
  }

  private static String full(String name) {
    String first = name.split("\\.")[0];
    return OURS.contains(first) ? HOME + name : name;
  }
}
