package io.hamlet.manager.member;

import static io.hamlet.manager.member.FencerTest.ask;
import static io.hamlet.manager.member.FencerTest.holder;
import static io.hamlet.manager.member.FencerTest.node;
import static io.hamlet.manager.member.FencerTest.owned;
import static io.hamlet.manager.member.FencerTest.tenure;
import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.cluster.ClusterEvent;
import io.hamlet.core.cluster.Hold;
import io.hamlet.core.cluster.Leash;
import io.hamlet.core.cluster.Tenure;
import io.hamlet.core.cluster.Terms;
import io.hamlet.core.model.ConditionType;
import io.hamlet.core.model.Filter;
import io.hamlet.core.model.Flags;
import io.hamlet.core.model.Grant;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.OwnerPolicy.QuorumLoss;
import io.hamlet.core.model.RequestId;
import io.hamlet.core.model.Target;
import io.hamlet.core.recovery.Command;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.core.recovery.Reply;
import io.hamlet.core.recovery.Tenant;
import io.hamlet.manager.port.Ack;
import io.hamlet.manager.wire.ClusterCodec;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What node c is granted runs in its own tree, and is given back when nothing of it is left. */
class TenancyTest {
  private static final Name DB = new Name("db");
  private static final Duration GRACE = Duration.ofMillis(250);
  private static final RequestId STOP = new RequestId(1, 1, 1);

  private final Household home = new Household();
  private Voting cluster = owned(new Voting("a", "b", "c"), "c", QuorumLoss.STOP);
  private Tenancy tenancy;

  private Tenancy tenancy(Ledger ledger) {
    Tenancy.Home own = new Tenancy.Home(home, home, 0, Long.MIN_VALUE, GRACE);
    return new Tenancy("c", ledger, cluster.voter("c")::toLeader, own, home, () -> {});
  }

  /** Node c runs entities from now on, as the incarnation that it has. */
  private void begin() {
    tenancy = tenancy(cluster.voter("c").ledger);
    tenancy.joined(1);
    cluster.voter("c").loop.add(tenancy);
    run();
  }

  private void beginWithRight() {
    home.end = Long.MAX_VALUE;
    begin();
    assertThat(phase()).isEqualTo(Tenant.Phase.RUNNING);
  }

  private void run() {
    for (int i = 0; i < 100; i++) {
      cluster.run(Duration.ofMillis(5));
      home.arrive();
    }
  }

  private Tenant.Phase phase() {
    List<Tenant> all = Tenant.of(home.tree.state);
    return all.isEmpty() ? null : all.getFirst().phase();
  }

  private Tenure.Report report() {
    return tenure(cluster, "a").report();
  }

  @Test
  void whatIsGrantedRunsAndTheClusterIsTold() {
    beginWithRight();
    Tenant tenant = Tenant.of(home.tree.state).getFirst();
    assertThat(tenant.name()).isEqualTo(DB);
    assertThat(tenant.grant().index()).isEqualTo(tenure(cluster, "a").hold().grant());
    assertThat(report())
        .isEqualTo(new Tenure.Report(tenant.grant().index(), "up", tenant.pid(), tenant.token()));
    assertThat(home.told(HamEvent.Granted.class)).as("once").hasSize(1);
    assertThat(home.bound).isTrue();
    assertThat(tenancy.isConcerned()).isTrue();
    assertThat(tenancy.notice()).isEmpty();
  }

  /** And then it says no more until something changes. */
  @Test
  void whatAgreesIsLeftAlone() {
    beginWithRight();
    int questions = home.questions;
    int entries = cluster.log.size();
    home.told.clear();
    run();
    assertThat(home.told).isEmpty();
    assertThat(home.questions).isEqualTo(questions);
    assertThat(cluster.log).hasSize(entries);
  }

  @Test
  void withoutTheRightItWaitsHereAndNothingHasToBeEnded() {
    home.refusal = "the leash is not ready yet";
    begin();
    assertThat(phase()).isEqualTo(Tenant.Phase.WAITING);
    assertThat(report().state()).isEqualTo("waiting");
    assertThat(holder(cluster, "a")).isEqualTo("c");
    assertThat(home.bound).isFalse();
    assertThat(tenancy.notice())
        .isEqualTo("'db' waits for the right to run here: the leash is not ready yet");
    home.end = Long.MAX_VALUE;
    run();
    assertThat(home.bound).as("so that the leash is armed").isTrue();
    assertThat(phase()).isEqualTo(Tenant.Phase.WAITING);
    home.refusal = null;
    run();
    assertThat(phase()).isEqualTo(Tenant.Phase.RUNNING);
    assertThat(report().state()).isEqualTo("up");
  }

  /** The leash need not end it, and is armed for its start all the same. */
  @Test
  void whatIsKeptIsStartedThoughNothingElseIsHereThatMustStop() {
    cluster = owned(new Voting("a", "b", "c"), "c", QuorumLoss.KEEP);
    home.unbound = "the leash is not armed yet";
    beginWithRight();
    assertThat(home.bound).isFalse();
    home.end = cluster.now;
    run();
    assertThat(phase()).as("it runs on without the right").isEqualTo(Tenant.Phase.RUNNING);
    assertThat(home.bound).isFalse();
  }

  @Test
  void whatEndsWithTheRightIsStartedAgainUnderAnotherToken() {
    beginWithRight();
    long token = report().token();
    home.end = cluster.now;
    run();
    assertThat(home.told(HamEvent.RightLost.class).getFirst().grace()).isEqualTo(GRACE);
    assertThat(phase()).isEqualTo(Tenant.Phase.WAITING);
    assertThat(report().state()).isEqualTo("waiting");
    home.end = Long.MAX_VALUE;
    run();
    assertThat(report().state()).isEqualTo("up");
    assertThat(report().token()).isGreaterThan(token);
  }

  /** The programs of the node itself may want a majority, too (sam.md 2.7). */
  @Test
  void whoWaitsForAMajorityIsConcernedWhateverRunsHere() {
    beginWithRight();
    ask(cluster, new Command.Detach(Target.of("db"), false));
    run();
    assertThat(tenancy.isConcerned()).isFalse();
    home.end = cluster.now;
    run();
    assertThat(home.tree.state.sam().quorate()).isFalse();
    assertThat(tenancy.isConcerned()).isTrue();
  }

  @Test
  void whatGoesElsewhereIsEndedAndThenGivenBack() {
    beginWithRight();
    assertThat(ask(cluster, new Command.Move(DB, "b"))).isEqualTo(Reply.OK);
    run();
    HamEvent.Revoked revoked = home.told(HamEvent.Revoked.class).getFirst();
    assertThat(revoked.why()).isEqualTo("it goes to b");
    assertThat(revoked.grace()).isEqualTo(Command.Stop.KILL_AFTER);
    assertThat(phase()).isNull();
    assertThat(holder(cluster, "a")).isEqualTo("b");
    assertThat(home.bound).isFalse();
    assertThat(tenancy.isConcerned()).isFalse();
  }

  @Test
  void whatIsStuckIsNotGivenBackBeforeItHasEnded() {
    beginWithRight();
    long grant = tenure(cluster, "a").hold().grant();
    home.tree.unkillable = "process 7 hangs";
    ask(cluster, new Command.Move(DB, "b"));
    run();
    assertThat(phase()).isEqualTo(Tenant.Phase.STUCK);
    assertThat(tenure(cluster, "a").hold()).isInstanceOf(Hold.Stuck.class);
    assertThat(((Hold.Stuck) tenure(cluster, "a").hold()).why()).isEqualTo("process 7 hangs");
    assertThat(tenancy.notice()).isEqualTo("'db' cannot be ended here: process 7 hangs");
    assertThat(home.told(HamEvent.Revoked.class)).as("once").hasSize(1);
    home.post(new HamEvent.Done(home.tree.state.open().keySet().iterator().next()));
    run();
    assertThat(tenancy.notice()).isEmpty();
    assertThat(tenure(cluster, "a").hold()).isInstanceOf(Hold.Granted.class);
    assertThat(tenure(cluster, "a").hold().grant()).isGreaterThan(grant);
  }

  @Test
  void whatWasTakenAwayBeforeItBeganIsNotBegun() {
    ask(cluster, new Command.Move(DB, "b"));
    assertThat(tenure(cluster, "a").hold()).isInstanceOf(Hold.Leaving.class);
    home.end = Long.MAX_VALUE;
    begin();
    assertThat(home.told(HamEvent.Granted.class)).isEmpty();
    assertThat(home.told(HamEvent.Revoked.class)).hasSize(1);
    assertThat(holder(cluster, "a")).isEqualTo("b");
  }

  @Test
  void whatCannotBeStartedHereGoesToAnother() {
    home.tree.broken.add("/bin/db");
    home.end = Long.MAX_VALUE;
    begin();
    assertThat(holder(cluster, "a")).isNotEqualTo("c");
    assertThat(tenure(cluster, "a").avoided().get("c").why())
        .isEqualTo(Tenure.Release.CANNOT_START);
    assertThat(phase()).isNull();
  }

  /** The node did nothing wrong: it may get the next one. */
  @Test
  void whatHasNoMoreTokensIsGivenBackForAnotherGrant() {
    beginWithRight();
    long grant = tenure(cluster, "a").hold().grant();
    home.tree.aged("*db", Grant.MOST_STARTS);
    run();
    long token = report().token();
    home.tree.dies("*db");
    run();
    assertThat(tenure(cluster, "a").hold().grant()).isGreaterThan(grant);
    assertThat(tenure(cluster, "a").avoided()).isEmpty();
    assertThat(holder(cluster, "a")).as("whom it prefers").isEqualTo("c");
    assertThat(report().state()).isEqualTo("up");
    assertThat(report().token()).isGreaterThan(token);
  }

  /** Bound beyond its right, healthy managers would be ended by their leash: nothing is left. */
  @Test
  void whoCannotGiveBackWhatItHasGivenUpIsNotBoundBeyondItsRight() {
    beginWithRight();
    cluster.cutOff("c");
    home.tree.dies("*db");
    run();
    assertThat(phase()).isEqualTo(Tenant.Phase.GAVE_UP);
    assertThat(home.bound).isTrue();
    home.end = cluster.now;
    run();
    assertThat(home.bound).isFalse();
    assertThat(holder(cluster, "a")).as("nobody has heard of it").isEqualTo("c");
  }

  /** Its leash must not end a manager that only waits for the others to hear its goodbye. */
  @Test
  void aNodeThatStopsIsBoundUntilTheLastHasEnded() {
    beginWithRight();
    home.tree.unkillable = "process 7 hangs";
    home.post(new HamEvent.Requested(STOP, new Command.Stop(false, GRACE)));
    run();
    assertThat(phase()).isEqualTo(Tenant.Phase.STUCK);
    assertThat(home.bound).isTrue();
    home.post(new HamEvent.Done(home.tree.state.open().keySet().iterator().next()));
    run();
    assertThat(home.bound).isFalse();
  }

  @Test
  void whatIsDetachedIsEnded() {
    beginWithRight();
    assertThat(ask(cluster, new Command.Detach(Target.of("db"), false))).isEqualTo(Reply.OK);
    run();
    assertThat(home.told(HamEvent.Revoked.class)).hasSize(1);
    assertThat(phase()).isNull();
    assertThat(tenancy.isConcerned()).isFalse();
  }

  /** It runs on meanwhile. */
  @Test
  void aChangeOfTheDefinitionIsTakenOver() {
    beginWithRight();
    long pid = report().pid();
    assertThat(ask(cluster, condition("died"))).isNotInstanceOf(Reply.No.class);
    run();
    assertThat(home.told(HamEvent.Granted.class)).hasSize(2);
    assertThat(home.tree.entity("*db").conditions()).hasSize(1);
    assertThat(report().pid()).isEqualTo(pid);
  }

  /** Each time all of it is written to the node's own log, and to its replicas. */
  @Test
  void changesThatFollowEachOtherAreTakenOverTogether() {
    beginWithRight();
    home.told.clear();
    for (int i = 0; i < 40; i++) {
      RequestId unnamed = new RequestId(0, 0, 0);
      cluster
          .voter("b")
          .desk
          .submit(unnamed, condition("died-" + i), Ack.MAJORITY, Duration.ofSeconds(2));
      cluster.run(Duration.ofMillis(5));
      home.arrive();
    }
    run();
    assertThat(home.tree.entity("*db").conditions()).hasSize(40);
    assertThat(home.told(HamEvent.Granted.class)).hasSizeBetween(2, 10);
  }

  private static Command condition(String name) {
    return new Command.AddCondition(
        Target.of("db"),
        new Name(name),
        ConditionType.DEATH,
        Filter.NONE,
        new Flags.OfCondition(0),
        Flags.Rearm.OFF);
  }

  /** What is taken from a node that has started anew is not what the new start runs. */
  @Test
  void whatAnEarlierStartLeftIsEndedBeforeThisOneIsClear() {
    beginWithRight();
    tenancy = tenancy(cluster.voter("c").ledger);
    tenancy.joined(2);
    assertThat(tenancy.isClear()).isFalse();
    for (int i = 0; i < 5; i++) {
      tenancy.due(cluster.now);
      home.arrive();
    }
    assertThat(home.told(HamEvent.Revoked.class).getFirst().why())
        .isEqualTo("another start of the node");
    assertThat(phase()).isNull();
    home.end = Long.MIN_VALUE;
    tenancy.due(cluster.now);
    home.arrive();
    assertThat(tenancy.isClear()).isTrue();
  }

  /**
   * Found by wide clusters in the simulator: it waited for ever for the right of a start that is
   * over.
   */
  @Test
  void whatIsKeptAndHasEndedIsGivenBackByTheNextStart() {
    cluster = owned(new Voting("a", "b", "c"), "c", QuorumLoss.KEEP);
    home.refusal = "not yet";
    home.end = Long.MAX_VALUE;
    begin();
    assertThat(phase()).isEqualTo(Tenant.Phase.WAITING);
    ClusterEvent anew =
        new ClusterEvent.Joined(
            "c", "boot", "state-c", 99, "c:2", 1, 9, Terms.ofLease(Voting.TIMES.leaseNanos()));
    byte[] command = ClusterCodec.encode(new ClusterCodec.Command(null, anew));
    cluster.voter("a").propose(command, Duration.ofSeconds(1));
    cluster.run(Duration.ofMillis(50));
    home.refusal = null;
    tenancy.joined(2);
    run();
    assertThat(tenure(cluster, "a").hold().incarnation()).isEqualTo(2);
    assertThat(phase()).isEqualTo(Tenant.Phase.RUNNING);
  }

  /** A manager that has only begun to read the log knows of no grant yet. */
  @Test
  void aLedgerThatIsBehindTakesNothingAway() {
    beginWithRight();
    home.told.clear();
    tenancy = tenancy(new Ledger(cluster.voter("c")));
    tenancy.joined(1);
    for (int i = 0; i < 5; i++) {
      tenancy.due(cluster.now);
      home.arrive();
    }
    assertThat(home.told).isEmpty();
    assertThat(phase()).isEqualTo(Tenant.Phase.RUNNING);
    assertThat(home.bound).isTrue();
  }

  /** The tree is asked what it knows, and until it has said so nothing is concluded. */
  @Test
  void whileTheTreeDoesNotAnswerNothingElseIsTold() {
    beginWithRight();
    home.turnsAway = true;
    ask(cluster, new Command.Move(DB, "b"));
    run();
    assertThat(home.told(HamEvent.Revoked.class)).hasSize(1);
    assertThat(phase()).isNull();
    assertThat(holder(cluster, "a")).isEqualTo("c");
    home.turnsAway = false;
    run();
    assertThat(holder(cluster, "a")).isEqualTo("b");
  }

  @Test
  void theClusterLearnsOfTheLeashOfThisStartAndOfNoOther() {
    begin();
    Leash other = new Leash(2, 7, "b".repeat(64));
    tenancy.leashed(other);
    run();
    assertThat(node(cluster, "a", "c").leash()).isNull();
    Leash made = new Leash(1, 7, "a".repeat(64));
    tenancy.leashed(made);
    run();
    assertThat(node(cluster, "a", "c").leash()).isEqualTo(made);
    int entries = cluster.log.size();
    run();
    assertThat(cluster.log).as("once").hasSize(entries);
  }
}
