package io.hamlet.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.model.Flags;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.OwnerPolicy;
import io.hamlet.core.model.ProcessSpec;
import io.hamlet.core.model.Proof;
import io.hamlet.core.model.Rejection;
import io.hamlet.core.model.Target;
import io.hamlet.core.recovery.Command;
import io.hamlet.core.recovery.Reply;
import io.hamlet.core.sam.Blob;
import io.hamlet.core.sam.SamBook;
import io.hamlet.core.sam.SamCall;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What supervised programs of the cluster keep over their nodes (sam.md 4.1). */
class SpecKeptTest {
  private static final Name WEB = new Name("web");
  private final ClusterBed bed = ClusterBed.ofThree();

  private void attach(String name) {
    ProcessSpec spec = ProcessSpec.of(List.of("/bin/" + name));
    bed.must(
        new Command.Attach(new Name(name), null, spec, Flags.OfEntity.NONE, OwnerPolicy.DEFAULT));
  }

  private long grant(String name) {
    return bed.state.tenures().get(new Name(name)).hold().grant();
  }

  private static Command store(String name, long grant, Blob data) {
    return new Command.Sam(new Name(name), Long.toString(grant), new SamCall.StoreData(data));
  }

  private static Blob text(String text) {
    return Blob.of(text.getBytes(StandardCharsets.UTF_8));
  }

  private Blob kept() {
    return bed.state.tree().sam().kept().get(WEB);
  }

  private void refused(Rejection.Reason reason, Command command) {
    ClusterState before = bed.state;
    assertThat(bed.ask(command))
        .isInstanceOfSatisfying(
            Reply.No.class, no -> assertThat(no.rejection().reason()).isEqualTo(reason));
    assertThat(bed.state.tree()).isSameAs(before.tree());
  }

  @Test
  void itIsThereWhereverTheProgramRunsNextAndTheLastStoreCounts() {
    attach("web");
    bed.must(store("web", grant("web"), text("first")));
    bed.must(store("web", grant("web"), text("second")));
    bed.commit(new ClusterEvent.Ended("a", 1, Proof.OBITUARY, true, List.of()));
    assertThat(bed.state.tenures().get(WEB).hold().node()).isEqualTo("b");
    assertThat(kept()).isEqualTo(text("second"));
    bed.must(store("web", grant("web"), Blob.NONE));
    assertThat(kept()).isNull();
  }

  /** Who was moved away may still believe to be the one. */
  @Test
  void whoHoldsItNoMoreStoresNothing() {
    attach("web");
    long old = grant("web");
    bed.commit(new ClusterEvent.Ended("a", 1, Proof.OBITUARY, true, List.of()));
    assertThat(grant("web")).isNotEqualTo(old);
    refused(Rejection.Reason.NOT_PERMITTED, store("web", old, text("late")));
    refused(Rejection.Reason.NOT_PERMITTED, store("nobody", old, text("x")));
    refused(
        Rejection.Reason.NOT_PERMITTED, new Command.Sam(WEB, "", new SamCall.StoreData(text("x"))));
    assertThat(kept()).isNull();
  }

  @Test
  void whatIsDetachedKeepsNothing() {
    attach("web");
    bed.must(store("web", grant("web"), text("x")));
    bed.must(new Command.Detach(Target.of("web"), false));
    assertThat(kept()).isNull();
  }

  @Test
  void itIsBounded() {
    attach("web");
    long grant = grant("web");
    bed.must(store("web", grant, Blob.of(new byte[SamBook.MOST_KEPT])));
    refused(
        Rejection.Reason.TOO_BIG, store("web", grant, Blob.of(new byte[SamBook.MOST_KEPT + 1])));
    long room = SamBook.MOST_BYTES / SamBook.MOST_KEPT;
    for (int i = 1; i < room; i++) {
      attach("e" + i);
      bed.must(store("e" + i, grant("e" + i), Blob.of(new byte[SamBook.MOST_KEPT])));
    }
    attach("more");
    refused(
        Rejection.Reason.LIMIT, store("more", grant("more"), Blob.of(new byte[SamBook.MOST_KEPT])));
    bed.must(store("web", grant, Blob.of(new byte[SamBook.MOST_KEPT])));
  }

  /** Programs are supervised by nodes. */
  @Test
  void nothingElseIsAskedOfTheCluster() {
    attach("web");
    refused(
        Rejection.Reason.INVALID,
        new Command.Sam(WEB, Long.toString(grant("web")), new SamCall.Register()));
  }
}
