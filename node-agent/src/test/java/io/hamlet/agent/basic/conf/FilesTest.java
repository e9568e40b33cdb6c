package io.hamlet.agent.basic.conf;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.agent.basic.conf.BasicConfig.Source;
import io.hamlet.agent.script.Words;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The grammar of the two files (sam.md 5.2), and each fault with its place (5.6). */
class FilesTest {
  private static final String ORIGINAL_CHECKS = "[local]\ncheck_db_host1\nchech_db_host2\n";
  private static final String ORIGINAL_ACTIONS =
      "[slave_to_master]\nstopservice1\nunplumb\nplumb %MASTER%\nstartservice1\n";

  private final List<Fault> faults = new ArrayList<>();

  private BasicConfig read(String checks, String actions) {
    return read(List.of(new Source("checks.conf", checks)), actions);
  }

  private BasicConfig read(List<Source> checks, String actions) {
    List<Source> act = List.of(new Source("actions.conf", actions));
    return BasicConfig.read(
        Nodes.alone("here"), checks, act, this::noCheck, this::noAction, faults);
  }

  private String noCheck(String name) {
    return name.startsWith("missing") ? name + " is not there" : "";
  }

  private String noAction(String name) {
    return noCheck(name);
  }

  private String said() {
    return faults.stream().map(Fault::toString).collect(Collectors.joining("\n"));
  }

  @Test
  void theOriginalFilesAreReadWithTheirTypo() {
    List<Source> files =
        List.of(
            new Source("checks.conf", ORIGINAL_CHECKS),
            new Source("checks.conf.d/hosts.conf", "[hosts]\nhost1 = 198.18.0.1\nhost2\n"));
    BasicConfig config = read(files, ORIGINAL_ACTIONS);

    assertThat(faults).isEmpty();
    assertThat(config.hosts()).containsEntry("host1", "198.18.0.1").containsEntry("host2", "");
    assertThat(config.checks().get("chech_db_host2@local").host()).isEqualTo("host2");
    Transition section = config.sectionFor("host2", "slave", "master").orElseThrow();
    assertThat(config.sections().get(section))
        .extracting(Step::words)
        .containsExactly(
            List.of("stopservice1"),
            List.of("unplumb"),
            List.of("plumb", "%MASTER%"),
            List.of("startservice1"));
  }

  @Test
  void withoutHostsACheckIsAboutThisNode() {
    BasicConfig config = read(ORIGINAL_CHECKS, "");
    assertThat(config.hosts()).containsOnlyKeys("here");
    assertThat(config.checks().get("check_db_host1@local").host()).isEqualTo("here");
  }

  @Test
  void blanksCommentsAndLineEndsAreAsTheGrammarHasThem() {
    BasicConfig config =
        read("\uFEFF# text\r\n ; too\r\n\r\n  [ local ]\r\n\tcheck_a 'x # y' \r\n", "");
    assertThat(faults).isEmpty();
    assertThat(config.checks().get("check_a@local").arguments()).containsExactly("x # y");
  }

  @Test
  void theSameSectionTwiceIsOne() {
    BasicConfig config = read("[local]\na\n[hosts]\nh\n[local]\nb\n", "[x_to_y]\np\n[x_to_y]\nq\n");
    assertThat(config.checks()).containsOnlyKeys("a@local", "b@local");
    assertThat(config.sections().values().iterator().next()).hasSize(2);
  }

  @Test
  void wordsAreSplitAsAShellWouldAndNothingIsExpanded() {
    assertThat(Words.split("a 'b c' \"d \\\" $e\" f\\ g '' `h` *"))
        .containsExactly("a", "b c", "d \" $e", "f g", "", "`h`", "*");
  }

  @Test
  void optionsOfACheckComeBeforeTheGeneralOnes() {
    BasicConfig config =
        read(
            "[options]\ninterval=1s\nattempts = 2\n[local]\na\nb\n[options:a]\ninterval = 250ms\n"
                + "timeout=2m\non_timeout=critical\nunknown_after=5\nstate.ok=Fine\nenv.X = a=b\n",
            "");
    CheckOptions a = config.checks().get("a@local").options();
    assertThat(faults).isEmpty();
    assertThat(a.interval()).isEqualTo(Duration.ofMillis(250));
    assertThat(a.timeout()).isEqualTo(Duration.ofMinutes(2));
    assertThat(a.attempts()).isEqualTo(2);
    assertThat(a.criticalOnTimeout()).isTrue();
    assertThat(a.unknownAfter()).isEqualTo(5);
    assertThat(a.ok()).isEqualTo("fine");
    assertThat(a.environment()).containsEntry("X", "a=b");
    assertThat(config.checks().get("b@local").options().interval())
        .isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void scopesAreHereThroughSshAndOnNodes() {
    BasicConfig config = read("[ssh:me@host9:2222]\na\n[ssh:other]\na\n", "");
    assertThat(faults).isEmpty();
    assertThat(config.checks().get("a@ssh:me@host9:2222").scope())
        .isEqualTo(new Scope.Ssh("ssh:me@host9:2222", "me", "host9", 2222));
    assertThat(config.checks().get("a@ssh:other").host()).isEqualTo("other");
    assertThat(config.hosts()).containsKeys("host9", "other");
    BasicConfig nodes = read("[node:n2]\na\nb_n3\n[hosts]\nn3\n", "[x_to_y@n2]\nc\n");
    assertThat(faults).isEmpty();
    assertThat(nodes.checks().get("a@node:n2").scope()).isEqualTo(new Scope.Node("node:n2", "n2"));
    assertThat(nodes.checks().get("a@node:n2").host()).isEqualTo("n2");
    assertThat(nodes.checks().get("b_n3@node:n2").host()).isEqualTo("n3");
    assertThat(nodes.warnings())
        .extracting(Fault::toString)
        .anyMatch(w -> w.startsWith("checks.conf:2: no node 'n2' is known here"));
    read("[node:a b]\na\n[ssh:-oProxyCommand=x]\na\n", "");
    assertThat(said())
        .contains("checks.conf:1: [node:a b] is not [node:NAME]")
        .contains("checks.conf:3: [ssh:-oProxyCommand=x] is not [ssh:USER@HOST:PORT]");
  }

  @Test
  void theNodesOfTheClusterAreKnownWithoutBeingListed() {
    Nodes nodes = new Nodes("here", Set.of("n2", "n3"));
    List<Source> checks = List.of(new Source("c", "[local]\ncheck_load\ncheck_n2\n"));
    List<Source> actions = List.of(new Source("a", "[up_to_down@n3]\nact\n"));
    BasicConfig config =
        BasicConfig.read(nodes, checks, actions, this::noCheck, this::noAction, faults);
    assertThat(faults).isEmpty();
    assertThat(config.checks().get("check_load@local").host()).isEqualTo("here");
    assertThat(config.checks().get("check_n2@local").host()).isEqualTo("n2");
    // The one without a host is about another node on each of them.
    assertThat(config.hosts()).containsOnlyKeys("here", "n2", "n3");
  }

  @Test
  void theMostExactSectionServesAndAStarIsNeverUnknown() {
    BasicConfig config =
        read(
            "[hosts]\nh1\nh2\n",
            "[*_to_*]\n"
                + "a\n"
                + "[s_to_*]\n"
                + "b\n"
                + "[*_to_m]\n"
                + "c\n"
                + "[S_to_M]\n"
                + "d\n"
                + "[s_to_m@h2]\n"
                + "e\n"
                + "[unknown_to_x]\n"
                + "f\n");
    assertThat(faults).isEmpty();
    assertThat(serving(config, "h1", "s", "m")).isEqualTo("s_to_m");
    assertThat(serving(config, "h2", "s", "m")).isEqualTo("s_to_m@h2");
    assertThat(serving(config, "h1", "z", "m")).isEqualTo("*_to_m");
    assertThat(serving(config, "h1", "s", "z")).isEqualTo("s_to_*");
    assertThat(serving(config, "h1", "y", "z")).isEqualTo("*_to_*");
    assertThat(serving(config, "h1", "unknown", "m")).isEqualTo("none");
    assertThat(serving(config, "h1", "unknown", "x")).isEqualTo("unknown_to_x");
  }

  private static String serving(BasicConfig config, String host, String from, String to) {
    return config.sectionFor(host, from, to).map(Transition::name).orElse("none");
  }

  @Test
  void everyFaultIsSaidAtOnceWithItsPlace() {
    read(
        "early\n"
            + "[hosts]\n"
            + "bad/name\n"
            + "[nonsense]\n"
            + "[local]\n"
            + "../evil\n"
            + "a 'open\n"
            + "a\n"
            + "a\n"
            + "[options]\n"
            + "interval = soon\n"
            + "no such\n"
            + "attempts = 0\n"
            + "nosuch = 1\n"
            + "[options:a]\n"
            + "host = stranger\n"
            + "[x\n",
        "[slave-master]\nx\n[a_to_b]\nplumb %MASTRE%\n/bin/true\nmissing\n[a_to_b@nobody]\nx\n"
            + "[options]\nallow_absolute = perhaps\n[failed:nothing]\nx\n");
    assertThat(said())
        .contains("checks.conf:1: 'early' stands before the first section")
        .contains("checks.conf:3: 'bad/name' is no name")
        .contains("checks.conf:4: there is no section [nonsense]")
        .contains("checks.conf:6: '../evil' is no name")
        .contains("checks.conf:7: a ' is not closed")
        .contains("checks.conf:8: the host 'stranger'")
        .contains("checks.conf:11: 'soon' is no duration")
        .contains("checks.conf:12: 'no such' is not KEY = VALUE")
        .contains("checks.conf:13: '0' is no number")
        .contains("checks.conf:14: there is no option 'nosuch'")
        .contains("checks.conf:17: a section is [NAME]")
        .contains("actions.conf:1: [slave-master] is not [FROM_to_TO]")
        .contains("actions.conf:4: there is no variable %MASTRE%")
        .contains("actions.conf:5: '/bin/true' is an absolute path")
        .contains("actions.conf:6: missing is not there")
        .contains("actions.conf:7: the host of [a_to_b@nobody]")
        .contains("actions.conf:10: 'perhaps' is neither yes nor no")
        .contains("actions.conf:11: [nothing] is not [FROM_to_TO]");
  }

  @Test
  void theSameCheckTwiceInAScopeIsAFault() {
    read("[local]\na\na x\n", "");
    assertThat(said()).contains("checks.conf:3: 'a' is in this scope already, at checks.conf:2");
  }

  @Test
  void aMissingCheckIsOnlyAWarning() {
    BasicConfig config = read("[local]\nmissing_check\n[options:nosuch]\nattempts=2\n", "");
    assertThat(faults).isEmpty();
    assertThat(config.warnings().toString())
        .contains("checks.conf:2: missing_check is not there")
        .contains("checks.conf:4: no scope has a check 'nosuch'");
  }
}
