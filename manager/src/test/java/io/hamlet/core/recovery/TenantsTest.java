package io.hamlet.core.recovery;

import static io.hamlet.core.model.Rejection.Reason.INVALID;
import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.model.ConditionType;
import io.hamlet.core.model.Deed;
import io.hamlet.core.model.Entity;
import io.hamlet.core.model.Exit;
import io.hamlet.core.model.Filter;
import io.hamlet.core.model.Flags;
import io.hamlet.core.model.Grant;
import io.hamlet.core.model.Life;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.ProcessSpec;
import io.hamlet.core.model.RestartPolicy;
import io.hamlet.core.model.Target;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Entities of the cluster on the node that runs them (architecture.md 4). */
class TenantsTest extends SpecBed {
  private static final Name WEB = new Name("web");
  private static final long GRANT = 40;

  // --- coming and going ---

  @Test
  void whatIsGrantedStartsWithATokenOfTheGrant() {
    gain();
    grant(false);
    Effect.Go go = bed.effects(Effect.Go.class).getFirst();
    assertThat(variable(go, "HAM_ENTITY")).isEqualTo("web");
    assertThat(variable(go, "HAM_TOKEN")).isEqualTo(Long.toString(GRANT << 20 | 1));
    assertThat(go.house()).isEqualTo(Effect.House.MUST_STOP);
    assertThat(bed.pid("*web")).isPositive();
  }

  @Test
  void tokensRiseWithEachRestartAndWithEachGrant() {
    gain();
    grant(false);
    bed.dies("*web");
    bed.send(new HamEvent.Revoked(WEB, GRANT, "moved", Duration.ZERO));
    bed.send(granted(GRANT + 1, 1, false, RestartPolicy.NONE));
    List<Long> tokens =
        bed.effects(Effect.Go.class).stream()
            .map(go -> Long.parseLong(variable(go, "HAM_TOKEN")))
            .toList();
    assertThat(tokens).hasSize(3).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void aGrantWhoseTokensAreUsedIsGivenBackAndTheNextBeginsAboveThem() {
    gain();
    grant(false);
    bed.aged("*web", Grant.MOST_STARTS - 1);
    bed.dies("*web");
    assertThat(lastToken()).isEqualTo(GRANT << 20 | Grant.MOST_STARTS);
    bed.dies("*web");
    assertThat(bed.ran()).as("no third start").hasSize(2);
    assertUsedUp();
    bed.send(new HamEvent.Revoked(WEB, GRANT, "given back", Duration.ZERO));
    long used = lastToken();
    bed.send(granted(GRANT + 1, 1, false, RestartPolicy.NONE));
    assertThat(lastToken()).isGreaterThan(used);
  }

  /** It would have had a token that is lower than the one before, or another grant's. */
  @Test
  void aGrantWhoseTokensAreUsedStartsNothingWhenTheRightIsBackEither() {
    gain();
    grant(false);
    bed.aged("*web", Grant.MOST_STARTS);
    bed.send(new HamEvent.RightLost("no majority", Duration.ZERO));
    gain();
    assertThat(bed.ran()).hasSize(1);
    assertUsedUp();
  }

  private void assertUsedUp() {
    assertThat(Tenant.of(bed.state))
        .extracting(Tenant::phase)
        .containsExactly(Tenant.Phase.USED_UP);
    assertThat(bed.effects(Effect.Quell.class)).as("nothing is left of it").hasSize(1);
    assertThat(bed.happenings())
        .extracting(Happening::detail)
        .anyMatch(d -> d.startsWith("its grant has no more tokens"));
  }

  private long lastToken() {
    return Long.parseLong(variable(bed.effects(Effect.Go.class).getLast(), "HAM_TOKEN"));
  }

  @Test
  void nothingStartsWithoutTheRight() {
    grant(false);
    assertThat(bed.ran()).isEmpty();
    gain();
    assertThat(bed.ran()).containsExactly("/bin/web");
  }

  @Test
  void theRightOfAnotherIncarnationIsNone() {
    bed.send(new HamEvent.RightGained(2));
    grant(false);
    assertThat(bed.ran()).isEmpty();
  }

  @Test
  void whatIsRevokedIsEndedAndLeaves() {
    gain();
    grant(false);
    long web = bed.pid("*web");
    bed.send(new HamEvent.Revoked(WEB, GRANT, "moved", Duration.ofSeconds(3)));
    Effect.Quell quell = bed.effects(Effect.Quell.class).getFirst();
    assertThat(quell.those()).extracting(r -> r.process().pid()).containsExactly(web);
    assertThat(quell.grace()).hasSeconds(3);
    assertThat(bed.entity("*web")).isNull();
    assertThat(bed.events()).contains("revoked *web", "removed *web").doesNotContain("death *web");
  }

  @Test
  void anotherGrantIsNotRevokedByName() {
    gain();
    grant(false);
    HamState before = bed.state;
    bed.send(new HamEvent.Revoked(WEB, GRANT - 1, "late", Duration.ZERO));
    assertThat(bed.state).isSameAs(before);
  }

  @Test
  void revokedWhileItStartsItsGateIsEnded() {
    gain();
    bed.holdStarts = true;
    grant(false);
    Effect.Prepare prepare = bed.effects(Effect.Prepare.class).getFirst();
    bed.send(new HamEvent.Prepared(prepare.id(), bed.newProcess(), "home"));
    bed.send(new HamEvent.Revoked(WEB, GRANT, "moved", Duration.ZERO));
    assertThat(bed.effects(Effect.Abandon.class)).hasSize(1);
    assertThat(bed.effects(Effect.Quell.class).getFirst().those()).hasSize(1);
    assertThat(bed.entity("*web")).isNull();
  }

  @Test
  void whatCannotBeEndedIsStuckAndGoneWhenItHasEnded() {
    gain();
    grant(false);
    bed.unkillable = "process 7 hangs";
    bed.send(new HamEvent.Revoked(WEB, GRANT, "moved", Duration.ZERO));
    assertThat(bed.entity("*web")).isNotNull();
    assertThat(bed.events()).contains("stuck *web");
    Effect.Quell quell = bed.effects(Effect.Quell.class).getFirst();
    bed.send(new HamEvent.Done(quell.id()));
    assertThat(bed.entity("*web")).isNull();
  }

  @Test
  void aNewDefinitionIsTakenOverWhileNothingIsUnderWay() {
    gain();
    grant(false);
    long web = bed.pid("*web");
    Entity other =
        definition(RestartPolicy.NONE).withShape(Entity.Shape.UNATTACHED, Words.program("/bin/w2"));
    bed.send(new HamEvent.Granted(WEB, new Grant(GRANT, 1, 2, false), other));
    assertThat(bed.pid("*web")).as("it runs on").isEqualTo(web);
    bed.dies("*web");
    assertThat(bed.ran()).containsExactly("/bin/web", "/bin/w2");
    HamState before = bed.state;
    bed.send(granted(GRANT, 1, false, RestartPolicy.NONE));
    assertThat(bed.state).as("an older definition").isSameAs(before);
  }

  @Test
  void aGrantThatWasGivenUpIsNotTakenAgain() {
    gain();
    bed.send(new HamEvent.Revoked(WEB, GRANT, "before it was taken", Duration.ZERO));
    grant(false);
    assertThat(bed.entity("*web")).isNull();
    bed.send(granted(GRANT + 1, 1, false, RestartPolicy.NONE));
    bed.send(new HamEvent.Revoked(WEB, GRANT + 1, "moved", Duration.ZERO));
    bed.send(granted(GRANT + 1, 1, false, RestartPolicy.NONE));
    assertThat(bed.entity("*web")).isNull();
    assertThat(bed.ran()).hasSize(1);
  }

  // --- the right ---

  @Test
  void withoutTheRightItIsEndedUncountedAndStartsAgainWithIt() {
    gain();
    grant(false);
    bed.attach("own");
    bed.send(new HamEvent.RightLost("no majority", Duration.ZERO));
    Entity web = bed.entity("*web");
    assertThat(web.life()).isInstanceOf(Life.Stopped.class);
    assertThat(web.stats().deaths()).isZero();
    assertThat(bed.pid("own")).as("the node's own runs on").isPositive();
    gain();
    assertThat(bed.pid("*web")).isPositive();
    assertThat(bed.entity("*web").stats().restarts()).isZero();
    assertThat(bed.events()).contains("quorum-lost *web", "quorum-gained *web");
  }

  @Test
  void whatIsKeptRunsOnWithoutTheRightButIsNotRestarted() {
    gain();
    grant(true);
    bed.send(new HamEvent.RightLost("no majority", Duration.ZERO));
    assertThat(bed.pid("*web")).isPositive();
    bed.dies("*web");
    assertThat(bed.ran()).hasSize(1);
    assertThat(bed.effects(Effect.Quell.class)).as("what it left is ended").hasSize(1);
    gain();
    assertThat(bed.ran()).hasSize(2);
  }

  @Test
  void aRestartUnderWayIsGivenUpWithTheRight() {
    gain();
    grantBackingOff();
    bed.dies("*web");
    bed.dies("*web");
    assertThat(bed.entity("*web").life()).as("waits for its back-off").isEqualTo(Life.NONE);
    bed.send(new HamEvent.RightLost("no majority", Duration.ZERO));
    bed.pass(60_000);
    assertThat(bed.ran()).hasSize(2);
    gain();
    assertThat(bed.ran()).hasSize(3);
  }

  @Test
  void aDeniedStartWaitsAndCountsNothing() {
    gain();
    bed.holdStarts = true;
    grant(false);
    Effect.Prepare prepare = bed.effects(Effect.Prepare.class).getFirst();
    bed.send(new HamEvent.Prepared(prepare.id(), bed.newProcess(), "home"));
    bed.send(new HamEvent.Denied(prepare.id(), "the lease is over"));
    assertThat(bed.entity("*web").life()).isInstanceOf(Life.Stopped.class);
    bed.holdStarts = false;
    gain();
    assertThat(bed.pid("*web")).isPositive();
    assertThat(bed.entity("*web").stats().deaths()).isZero();
  }

  // --- its end here ---

  @Test
  void aSpentBudgetGivesUpWithNothingLeft() {
    gain();
    bed.send(granted(GRANT, 1, false, Words.budget(1)));
    bed.dies("*web");
    bed.dies("*web");
    assertThat(bed.entity("*web").life()).isInstanceOf(Life.GaveUp.class);
    assertThat(bed.effects(Effect.Quell.class)).hasSize(1);
    assertThat(Tenant.of(bed.state))
        .extracting(Tenant::phase)
        .containsExactly(Tenant.Phase.GAVE_UP);
  }

  @Test
  void whatNothingRestartsIsGivenUpNotRemoved() {
    gain();
    Entity bare = definition(RestartPolicy.NONE).withConditions(List.of());
    bed.send(new HamEvent.Granted(WEB, new Grant(GRANT, 1, 1, false), bare));
    bed.dies("*web");
    assertThat(bed.entity("*web").life()).isInstanceOf(Life.GaveUp.class);
  }

  @Test
  void whatCannotStartIsGivenUp() {
    gain();
    bed.broken.add("/bin/web");
    grant(false);
    assertThat(Tenant.of(bed.state))
        .extracting(Tenant::phase)
        .containsExactly(Tenant.Phase.CANNOT_START);
  }

  @Test
  void aStopOfTheNodeEndsThemFirst() {
    gain();
    grant(true);
    bed.unkillable = "slow";
    assertThat(bed.ask(Bed.stop(false))).isNull();
    assertThat(bed.effects(Effect.EndNode.class)).isEmpty();
    bed.send(new HamEvent.Done(bed.effects(Effect.Quell.class).getFirst().id()));
    assertThat(bed.effects(Effect.EndNode.class)).hasSize(1);
    assertThat(bed.entity("*web")).isNull();
  }

  // --- successors ---

  @Test
  void aSuccessorEndsOnWhatWasBeingEnded() {
    gain();
    grant(false);
    bed.unkillable = "slow";
    bed.send(new HamEvent.RightLost("no majority", Duration.ZERO));
    bed.unkillable = "";
    List<Effect> again = bed.takeOver();
    assertThat(again).hasAtLeastOneElementOfType(Effect.Quell.class);
    assertThat(bed.entity("*web").life()).isInstanceOf(Life.Stopped.class);
  }

  @Test
  void aTakeoverTouchesNothing() {
    gain();
    grant(false);
    long web = bed.pid("*web");
    bed.takeOver();
    assertThat(bed.pid("*web")).isEqualTo(web);
    assertThat(bed.effects(Effect.Quell.class)).isEmpty();
  }

  @Test
  void afterAReBootNothingIsGranted() {
    gain();
    grant(true);
    bed.takeOver("boot-2", true);
    assertThat(bed.entity("*web")).isNull();
    assertThat(bed.state.right()).isZero();
  }

  // --- people ---

  @Test
  void itIsChangedInTheTreeOfTheClusterOnly() {
    gain();
    grant(false);
    bed.refuses(INVALID, new Command.Detach(Target.of("*web"), false));
    bed.refuses(INVALID, new Command.Detach(Target.of("web"), false));
    bed.refuses(INVALID, new Command.Resume(Target.of("*web")));
    bed.refuses(INVALID, Bed.condition("web/x", ConditionType.DEATH, Filter.NONE, 0));
    bed.refuses(INVALID, Bed.action("web/died/x", new Deed.HeartbeatHealthy(), 0));
    bed.refuses(INVALID, new Command.CreateEntity(new Name("*db"), Flags.OfEntity.NONE));
    bed.refuses(INVALID, Bed.attachment("*db", 0));
    bed.report("web", 3);
    assertThat(bed.entity("*web").userState()).isEqualTo(3);
  }

  @Test
  void itsProgramAttachesItselfByTheNameItKnows() {
    gain();
    grant(false);
    bed.must(
        new Command.AttachSelf(WEB, bed.process("*web"), Words.beats(2, 3), Flags.OfEntity.NONE));
    assertThat(bed.entity("*web").heartbeat()).isNotNull();
    assertThat(bed.entity("web")).isNull();
    bed.send(new HamEvent.RightLost("no majority", Duration.ZERO));
    assertThat(bed.entity("*web").heartbeat()).isNull();
  }

  @Test
  void aNameTooLongForThisTreeIsNotTaken() {
    HamState before = bed.state;
    Name longest = new Name("x".repeat(Name.MAX_BYTES));
    bed.send(
        new HamEvent.Granted(longest, new Grant(1, 1, 1, false), definition(RestartPolicy.NONE)));
    assertThat(bed.state).isSameAs(before);
  }

  @Test
  void deathsOfTheEndedAreNoNews() {
    gain();
    grant(false);
    bed.unkillable = "slow";
    bed.send(new HamEvent.RightLost("no majority", Duration.ZERO));
    bed.dies("*web", Exit.signaled(9, false));
    assertThat(bed.events()).doesNotContain("death *web");
    assertThat(bed.entity("*web").stats().deaths()).isZero();
  }

  private void gain() {
    bed.send(new HamEvent.RightGained(1));
  }

  private void grant(boolean keep) {
    bed.send(granted(GRANT, 1, keep, RestartPolicy.NONE));
  }

  private void grantBackingOff() {
    bed.send(granted(GRANT, 1, false, Words.backOff(5_000, 5_000)));
  }

  private static HamEvent granted(long index, long version, boolean keep, RestartPolicy policy) {
    return new HamEvent.Granted(WEB, new Grant(index, 1, version, keep), definition(policy));
  }

  private static Entity definition(RestartPolicy policy) {
    return Granting.definition(WEB, policy);
  }

  private static String variable(Effect.Go go, String name) {
    return go.environment().stream()
        .filter(v -> v.name().equals(name))
        .map(ProcessSpec.Variable::value)
        .findFirst()
        .orElse("");
  }
}
