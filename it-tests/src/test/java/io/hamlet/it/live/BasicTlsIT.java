package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The basic HA daemon on hosts of their own, where managers speak TLS only. */
class BasicTlsIT {
  private static final int COUNT = 3;

  @TempDir Path directory;
  private Hosts hosts;
  private HostKeys keys;

  @BeforeEach
  void wire() throws Exception {
    Needs.hosts();
    hosts = Hosts.make(COUNT);
    keys = HostKeys.make(directory.resolve("keys"));
  }

  @AfterEach
  void cut() {
    if (hosts != null) {
      hosts.close();
    }
  }

  @Test
  void oneOfThreeHomesActs() throws Exception {
    List<String> joined = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      joined.add(hosts.address(i));
    }
    List<String> common = new ArrayList<>(List.of("cluster = basic", "voters = a,b,c"));
    common.add("join = " + String.join(",", joined));
    common.addAll(OwnHomes.lines(keys.options()));
    try (OwnHomes homes = new OwnHomes(directory)) {
      for (int i = 0; i < COUNT; i++) {
        List<String> lines = new ArrayList<>(common);
        lines.add("listen = " + hosts.address(i) + ":" + LiveCluster.API);
        lines.add("bind = " + hosts.address(i) + ":" + LiveCluster.BUS);
        homes.add(LiveCluster.nameOf(i), programOn(i), lines);
      }
      homes.start();
      homes.promote();
    }
  }

  @Test
  void aManagerThatSpeaksTlsIsUsed() throws Exception {
    try (LiveCluster cluster = LiveCluster.start(hosts, keys, directory.resolve("nodes"), 1);
        BasicHome home = new BasicHome(directory.resolve("home"), programOn(0))) {
      home.file("etc/checks.conf", "[hosts]\ndb\n[local]\ncheck_db\n[options]\ninterval = 200ms\n");
      home.file("etc/actions.conf", "[slave_to_master]\nact %MASTER%\n");
      home.script("checks/check_db", "cat said").file("said", "slave\n");
      home.script("actions/act", "echo \"$*\" >acted");
      List<String> options = new ArrayList<>(List.of("--server=" + hosts.address(0) + ":4226"));
      options.addAll(keys.optionsOf("admin"));
      home.options(options.toArray(String[]::new)).start();
      home.awaitState("db", "slave");
      // A change before that is nobody's to act on.
      Until.isTrue("it acts", () -> home.status().get("acts").equals(true));
      home.file("said", "master\n");
      home.awaitTold("sequence-done", "slave_to_master");
      assertThat(home.path("acted")).hasContent("db\n");
      assertThat(cluster.node("a").object("db")).isNotNull();
    }
  }

  /** The program, as one calls it who sits at that host. */
  private Path programOn(int host) throws IOException {
    Path script = directory.resolve("ham-" + host);
    String words = String.join(" ", hosts.enter(host)) + " " + LiveNode.program();
    Files.writeString(script, "#!/bin/sh\nexec " + words + " \"$@\"\n");
    assertThat(script.toFile().setExecutable(true)).isTrue();
    return script;
  }
}
