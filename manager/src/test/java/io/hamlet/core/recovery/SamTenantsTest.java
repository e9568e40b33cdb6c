package io.hamlet.core.recovery;

import static io.hamlet.core.model.Rejection.Reason.INVALID;
import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.model.Condition;
import io.hamlet.core.model.Exit;
import io.hamlet.core.model.Grant;
import io.hamlet.core.model.Life;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.ProcessSpec;
import io.hamlet.core.sam.Blob;
import io.hamlet.core.sam.Recovery;
import io.hamlet.core.sam.SamCall;
import io.hamlet.core.sam.SamProcess;
import io.hamlet.core.sam.SamState;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A program of the cluster that is supervised on the node that runs it (sam.md 4.1). */
class SamTenantsTest extends SpecBed {
  private static final Name WEB = new Name("web");
  private static final Name HERE = new Name("*web");
  private static final long GRANT = 40;

  private static HamEvent granted(long version) {
    return new HamEvent.Granted(
        WEB, new Grant(GRANT, 1, version, false), Granting.definition(WEB, Words.budget(1)));
  }

  private Command call(SamCall call) {
    return new Command.Sam(HERE, "", call);
  }

  private SamCall initialize(Recovery policy, ProcessSpec again) {
    return new SamCall.Initialize(
        SamBed.modern(0, policy, "cmap"),
        ((Life.Up) bed.entity("*web").life()).process(),
        again,
        "secret");
  }

  /** It runs here, and supervision of it has begun. */
  private void started() {
    bed.send(new HamEvent.RightGained(1));
    bed.send(granted(1));
    bed.must(call(initialize(Recovery.RESTART, null)));
    bed.must(call(new SamCall.Register()));
    bed.must(call(new SamCall.Start(0)));
    assertThat(program().state()).isEqualTo(SamState.STARTED);
  }

  private SamProcess program() {
    return bed.state.sam().find(HERE);
  }

  private List<String> variables() {
    return bed.effects(Effect.Go.class).getLast().environment().stream()
        .map(v -> v.name() + "=" + v.value())
        .toList();
  }

  @Test
  void itIsToldByWhichNameItCalls() {
    started();
    assertThat(variables()).contains("HAM_PROCESS=*web", "HAM_ENTITY=web");
    bed.dies("*web");
    assertThat(program().state()).isEqualTo(SamState.REGISTERED);
    assertThat(variables())
        .contains("HAM_PROCESS=*web", "HAM_INSTANCE_ID=2", "HAM_SAM_TOKEN=secret.2");
  }

  /** It did not fail: nothing says so, and no watchdog acts on it. */
  @Test
  void whatGoesToAnotherNodeHasEndedHere() {
    started();
    bed.send(new HamEvent.Revoked(WEB, GRANT, "moved", Duration.ZERO));
    assertThat(bed.entity("*web")).isNull();
    assertThat(program().state()).isEqualTo(SamState.ENDED);
  }

  /** Nor does its death while it is being ended make it one that failed. */
  @Test
  void whatDiesWhileItGoesElsewhereHasNotFailed() {
    started();
    bed.unkillable = "not yet";
    bed.send(new HamEvent.Revoked(WEB, GRANT, "moved", Duration.ofSeconds(3)));
    bed.dies("*web", Exit.signaled(15, false));
    Effect.Quell quell = bed.effects(Effect.Quell.class).getFirst();
    bed.send(new HamEvent.Done(quell.id()));
    assertThat(bed.entity("*web")).isNull();
    assertThat(program() == null || program().state() == SamState.ENDED).isTrue();
  }

  @Test
  void withoutTheRightItWaitsAndIsTheNextInstanceWithIt() {
    started();
    bed.send(new HamEvent.RightLost("no majority", Duration.ZERO));
    assertThat(program().state()).isEqualTo(SamState.RECOVERING);
    bed.send(new HamEvent.RightGained(1));
    assertThat(program().state()).isEqualTo(SamState.REGISTERED);
    assertThat(program().instance()).isEqualTo(2);
  }

  /** The cluster is to run it, so it goes on by the rules of the cluster. */
  @Test
  void anEndInGoodOrderIsADeathForTheCluster() {
    started();
    bed.must(call(new SamCall.Stop(false)));
    bed.dies("*web", Exit.exited(0));
    assertThat(program().state()).isEqualTo(SamState.ENDED);
    assertThat(bed.events()).contains("death *web").doesNotContain("detach *web");
    assertThat(bed.entity("*web").life()).as("its own restart").isInstanceOf(Life.Up.class);
  }

  @Test
  void whoIsSupervisedNoMoreIsTheClustersStill() {
    started();
    bed.must(call(new SamCall.Finalize()));
    assertThat(program().state()).isEqualTo(SamState.FINALIZED);
    assertThat(bed.entity("*web").life()).isInstanceOf(Life.Up.class);
    assertThat(bed.entity("*web").grant().index()).isEqualTo(GRANT);
    assertThat(bed.entity("*web").conditions())
        .extracting(Condition::name)
        .doesNotContain(SamDesk.RULE);
  }

  @Test
  void aNewDefinitionLeavesTheRuleOfSupervision() {
    bed.send(new HamEvent.RightGained(1));
    bed.send(granted(1));
    bed.must(call(initialize(Recovery.QUIT, null)));
    bed.must(call(new SamCall.Register()));
    bed.send(granted(2));
    assertThat(bed.entity("*web").grant().version()).isEqualTo(2);
    assertThat(bed.entity("*web").conditions())
        .extracting(Condition::name)
        .containsOnlyOnce(SamDesk.RULE);
  }

  @Test
  void namesOfTheClusterAreNotTakenAndItsCommandIsNotChanged() {
    ProcessSpec other = Words.program("/bin/other");
    SamCall launch =
        new SamCall.Launch(SamBed.modern(0, Recovery.QUIT, ""), 1, other, Blob.NONE, "secret");
    bed.refuses(INVALID, call(launch));
    bed.refuses(
        INVALID,
        call(
            new SamCall.Initialize(
                SamBed.modern(0, Recovery.QUIT, ""), bed.newProcess(), null, "secret")));
    bed.send(new HamEvent.RightGained(1));
    bed.send(granted(1));
    bed.refuses(INVALID, call(initialize(Recovery.RESTART, other)));
  }
}
