package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two hosts with a redis each, an address that floats between them, and the two files of the
 * original as they were published, with their typo. What they do not say is in drop-ins.
 */
class BasicFailoverIT {
  private static final String CHECKS = "[local]\ncheck_db_host1\nchech_db_host2\n";
  private static final String ACTIONS =
      "[slave_to_master]\nstopservice1\nunplumb\nplumb %MASTER%\nstartservice1\n";

  /** The first line of ROLE is the word that the sections of the original use. */
  private static final String ROLE =
      """
      role=$(redis-cli -h "$HAM_ADDRESS" role 2>/dev/null | head -n 1)
      case $role in
        master|slave) echo "$role" ;;
        *) echo "no answer"; exit 2 ;;
      esac\
      """;

  @TempDir Path directory;
  private TwoHosts hosts;
  private BasicHome home;

  @BeforeEach
  void wire() throws Exception {
    Needs.program("redis-cli");
    hosts = TwoHosts.make(directory);
    home = new BasicHome(directory.resolve("home"), "failover");
  }

  @AfterEach
  void cut() throws Exception {
    try (TwoHosts last = hosts) {
      if (last != null) {
        home.close();
      }
    }
  }

  private Process redis(int host, String... more) throws Exception {
    Path data = Files.createDirectories(directory.resolve("redis" + host));
    List<String> words =
        new java.util.ArrayList<>(List.of(Needs.program("redis-server").toString()));
    words.addAll(List.of("--port", "6379", "--bind", "0.0.0.0", "--protected-mode", "no"));
    words.addAll(List.of("--save", "", "--dir", data.toString()));
    words.addAll(List.of(more));
    return hosts.start(host, words.toArray(String[]::new));
  }

  private void files() throws Exception {
    home.file("etc/checks.conf", CHECKS).file("etc/actions.conf", ACTIONS);
    home.file(
        "etc/checks.conf.d/hosts.conf",
        "[hosts]\nhost1 = "
            + TwoHosts.FIRST
            + "\nhost2 = "
            + TwoHosts.SECOND
            + "\n[options]\ninterval = 200ms\n[options:check_db_host1]\nattempts = 2\n");
    home.file("etc/actions.conf.d/promote.conf", "[master_to_down@host1]\npromote\n");
    home.script("checks/check_db_host1", ROLE).script("checks/chech_db_host2", ROLE);
    String drop =
        "for host in %s %s; do ip -n $host addr del %s/24 dev eth0 2>/dev/null; done"
            .formatted(hosts.name(1), hosts.name(2), TwoHosts.FLOATING);
    String add =
        """
        case $1 in host1) ns=%s ;; host2) ns=%s ;; *) exit 1 ;; esac
        ip -n $ns addr add %s/24 dev eth0 || exit
        # Tells all neighbours where it now is; that none answers is no failure.
        ip netns exec $ns arping -q -U -c 1 -w 1 -I eth0 %3$s || true
        """
            .formatted(hosts.name(1), hosts.name(2), TwoHosts.FLOATING);
    home.script("actions/stopservice1", "echo stopservice1 >>acted");
    home.script("actions/startservice1", "echo startservice1 >>acted");
    home.script("actions/unplumb", "echo unplumb >>acted\n" + drop + "\ntrue");
    home.script("actions/plumb", "echo plumb \"$@\" >>acted\n" + add);
    home.script(
        "actions/promote", "redis-cli -h " + TwoHosts.SECOND + " replicaof no one | grep OK");
  }

  @Test
  void theMasterDiesTheAddressMovesAndItsClientGoesOn() throws Exception {
    Needs.program("arping");
    Process master = redis(1);
    redis(2, "--replicaof", TwoHosts.FIRST, "6379");
    files();
    assertThat(
            hosts.ip("-n", hosts.name(1), "addr", "add", TwoHosts.FLOATING + "/24", "dev", "eth0"))
        .isZero();
    Until.isTrue("the client writes", () -> client("SET before 1").equals("+OK\r\n"));
    Until.isTrue(
        "the replica has it",
        () -> TwoHosts.redis(TwoHosts.SECOND, "GET before").endsWith("1\r\n"));
    home.start();
    home.awaitState("host1", "master");
    home.awaitState("host2", "slave");
    assertThat(home.path("acted")).doesNotExist();

    master.destroyForcibly();

    home.awaitTold("sequence-done", "slave_to_master");
    assertThat(home.state("host1")).isEqualTo("down");
    assertThat(home.state("host2")).isEqualTo("master");
    assertThat(home.path("acted"))
        .hasContent("stopservice1\nunplumb\nplumb host2\nstartservice1\n");
    Until.isTrue("the client goes on", () -> client("SET after 2").equals("+OK\r\n"));
    assertThat(client("GET before")).endsWith("1\r\n");
    assertThat(TwoHosts.redis(TwoHosts.SECOND, "GET after")).endsWith("2\r\n");
    assertThat(home.node("why", "host2")).contains("host2/slave_to_master/run action-done");
  }

  private static String client(String line) {
    return TwoHosts.redis(TwoHosts.FLOATING, line);
  }

  @Test
  void realPluginsAreChecksAsTheyAre() throws Exception {
    Process redis = redis(1);
    Path plugins = Path.of("/usr/lib/nagios/plugins");
    Needs.that("programs", "the Monitoring Plugins", Files.exists(plugins.resolve("check_ping")));
    // check_tcp looks at the name it is called by, so that the option says which host is meant.
    home.link("checks/check_tcp", plugins.resolve("check_tcp"));
    for (String name : List.of("ping", "dummy")) {
      home.link("checks/check_" + name + "_host1", plugins.resolve("check_" + name));
    }
    home.file(
        "etc/checks.conf",
        "[hosts]\nhost1\n[options]\ninterval=300ms\n[local]\n"
            + "check_ping_host1 -H "
            + TwoHosts.FIRST
            + " -w 500,50% -c 900,80% -p 1\n"
            + "check_tcp -H "
            + TwoHosts.FIRST
            + " -p 6379\n"
            + "check_dummy_host1 1 'not so well'\n"
            + "[options:check_tcp]\nhost = host1\n");
    home.start();
    home.awaitTold("degraded", "not so well");
    Until.isTrue("ping", () -> "OK".equals(home.check("check_ping_host1", "result")));
    assertThat(home.check("check_ping_host1", "text").toString()).contains("PING OK");
    assertThat(home.check("check_ping_host1", "performance").toString()).contains("rta=");
    Until.isTrue("tcp", () -> "OK".equals(home.check("check_tcp", "result")));
    redis.destroyForcibly();
    Until.isTrue("lost", () -> "CRITICAL".equals(home.check("check_tcp", "result")));
    // Critical is strong, the two good ones give way.
    home.awaitState("host1", "down");
  }
}
