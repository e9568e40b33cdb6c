package io.hamlet.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.model.Flags;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.OwnerPolicy;
import io.hamlet.core.model.OwnerPolicy.QuorumLoss;
import io.hamlet.core.model.ProcessSpec;
import io.hamlet.core.recovery.Command;
import io.hamlet.core.recovery.Rule;
import java.util.List;

/** What is foretold of a loss is what the rules of the cluster would do, fencing included. */
class SpecForecastTest {
  private final ClusterBed bed = ClusterBed.ofThree();

  @Rule(
      value = "arch 4/42",
      says =
          "With fencing required nothing of a lost node is foretold to move before the node is off")
  void required() {
    attach("db", QuorumLoss.KEEP, "a");
    attach("mail", QuorumLoss.STOP, "b");
    attach("web", QuorumLoss.STOP, "a");
    assertThat(forecast(FenceRule.REQUIRED, true, "a"))
        .containsExactly(
            "db a>c when a is turned off, or confirmed to be down",
            "mail b>b",
            "web a>b when a is turned off, or confirmed to be down");
    assertThat(forecast(FenceRule.REQUIRED, false, "a"))
        .containsExactly(
            "db a> not moved before it is confirmed that a is down",
            "mail b>b",
            "web a> not moved before it is confirmed that a is down");
  }

  @Rule(
      value = "arch 4/43",
      says = "When unsure only what a lease cannot end is foretold to wait for the node to be off")
  void whenUnsure() {
    attach("db", QuorumLoss.KEEP, "a");
    attach("mail", QuorumLoss.STOP, "a");
    attach("web", QuorumLoss.STOP, "a");
    long grant = bed.state.tenures().get(new Name("mail")).hold().grant();
    bed.commit(new ClusterEvent.GaveStuck(new Name("mail"), grant, "state D"));
    assertThat(forecast(FenceRule.WHEN_UNSURE, true, "a"))
        .containsExactly(
            "db a>c when a is turned off, or confirmed to be down",
            "mail a>b when a is turned off, or confirmed to be down",
            "web a>b");
    assertThat(forecast(FenceRule.NONE, true, "a"))
        .containsExactly(
            "db a> not moved before it is confirmed that a is down",
            "mail a> not moved before it is confirmed that a is down",
            "web a>b");
    assertThat(forecast(FenceRule.REQUIRED, true, "a", "c"))
        .as("a side without a majority turns nobody off")
        .allMatch(fate -> fate.contains("no majority of the voters is left"));
  }

  @Rule(value = "arch 4/44", says = "What is in maintenance is foretold to stay down")
  void inMaintenance() {
    attach("db", QuorumLoss.KEEP, "a");
    attach("web", QuorumLoss.STOP, "a");
    Maintenance.Key key = Maintenance.Key.parse("node:a", "me");
    bed.commit(new ClusterEvent.MaintenanceSet(new Maintenance(key, "", Long.MAX_VALUE)));
    for (FenceRule rule : FenceRule.values()) {
      assertThat(forecast(rule, true, "a"))
          .as("%s", rule)
          .containsExactly(
              "db a> in maintenance: node:a by me", "web a> in maintenance: node:a by me");
    }
  }

  @Rule(value = "arch 4/45", says = "A forecast goes by the strictest rule, and by who would lead")
  void byWhatWasTold() {
    attach("web", QuorumLoss.STOP, "b");
    assertThat(fateOfWeb("b")).isEqualTo("a");
    tell("c", FenceRule.REQUIRED);
    assertThat(fateOfWeb("b")).as("a leads, and can turn nobody off").isEmpty();
    tell("a", FenceRule.WHEN_UNSURE);
    assertThat(fateOfWeb("b")).isEqualTo("a");
  }

  /** Where it would run if that node were lost. */
  private String fateOfWeb(String lost) {
    return Forecast.ofLoss(bed.state, List.of(lost)).fates().getFirst().to();
  }

  private void tell(String node, FenceRule rule) {
    Terms terms = new Terms(ClusterBed.TERMS.lease(), 0, rule);
    bed.commit(bed.start(node, Node.Duty.NO_LIMIT, terms));
  }

  private void attach(String name, QuorumLoss loss, String... prefer) {
    ProcessSpec spec = ProcessSpec.of(List.of("/bin/" + name));
    OwnerPolicy policy = new OwnerPolicy(List.of(prefer), loss, false);
    bed.must(new Command.Attach(new Name(name), null, spec, Flags.OfEntity.NONE, policy));
  }

  /** As {@code entity from>to why}. */
  private List<String> forecast(FenceRule rule, boolean able, String... lost) {
    return Forecast.ofLoss(bed.state, List.of(lost), rule, able).fates().stream()
        .map(f -> (f.entity() + " " + f.from() + ">" + f.to() + " " + f.why()).strip())
        .toList();
  }
}
