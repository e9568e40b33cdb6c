package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Homes that bring their own nodes, which are one cluster, and a host they all look at. */
final class OwnHomes implements AutoCloseable {
  private final Path directory;
  private final List<BasicHome> homes = new ArrayList<>();

  OwnHomes(Path directory) {
    this.directory = directory;
  }

  /**
   * One more.
   *
   * @param program what its user calls, {@code ham} or something before it
   * @param config lines of {@code etc/node.conf}
   */
  void add(String node, Path program, List<String> config) throws IOException {
    BasicHome home = new BasicHome(directory.resolve(node), program);
    home.file("etc/node.conf", "node = " + node + "\n" + String.join("\n", config) + "\n");
    home.file("../said", "slave\n");
    home.file("etc/checks.conf", "[hosts]\ndb\n[local]\ncheck_db\n[options]\ninterval = 200ms\n");
    home.file("etc/actions.conf", "[slave_to_master]\nact one\nact two %MASTER%\n");
    home.script("checks/check_db", "cat ../said").script("actions/act", "echo \"$*\" >>../acted");
    homes.add(home);
  }

  /** Options of {@code ham run} as lines of its configuration file. */
  static List<String> lines(List<String> options) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < options.size(); i += 2) {
      lines.add(options.get(i).substring(2) + " = " + options.get(i + 1));
    }
    return lines;
  }

  /** Starts all; returns when all know the host as a slave, and one acts. */
  void start() throws Exception {
    for (BasicHome home : homes) {
      home.start();
    }
    for (BasicHome home : homes) {
      Until.isTrue("one leads", () -> !"".equals(home.status().get("leader")));
      home.awaitState("db", "slave");
    }
    Until.isTrue("one acts", () -> acting() == 1);
  }

  /** The host becomes a master: all is done in order, once. */
  void promote() throws Exception {
    homes.getFirst().file("../said", "master\n");
    Until.isTrue("all is done", () -> told("sequence-done") > 0);
    assertThat(homes.getFirst().path("../acted")).hasContent("one\ntwo db\n");
    assertThat(told("sequence-done")).isEqualTo(1);
  }

  private long acting() throws IOException {
    long count = 0;
    for (BasicHome home : homes) {
      count += home.status().get("acts").equals(true) ? 1 : 0;
    }
    return count;
  }

  private long told(String event) throws IOException {
    long count = 0;
    for (BasicHome home : homes) {
      count += home.told(event, "");
    }
    return count;
  }

  @Override
  public void close() throws IOException {
    for (BasicHome home : homes) {
      home.close();
    }
  }
}
