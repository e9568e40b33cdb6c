package io.hamlet.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.model.Name;
import io.hamlet.core.model.Rejection;
import io.hamlet.core.recovery.Command;
import io.hamlet.core.recovery.Effect;
import io.hamlet.core.recovery.Happening;
import io.hamlet.core.recovery.Reply;
import io.hamlet.core.sam.Blob;
import io.hamlet.core.sam.GroupCall;
import io.hamlet.core.sam.SamGroup;
import io.hamlet.core.sam.SamGroup.Member;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Groups of programs of several nodes, in the tree of the cluster. */
class SpecGroupsTest {
  private final ClusterBed bed = ClusterBed.ofThree();

  private static Command join(String group, Member member) {
    return new Command.Group(new Name(group), member, new GroupCall.Join());
  }

  private static Member member(String node, String program, long instance) {
    return new Member(node, new Name(program), 5, instance);
  }

  private List<String> told() {
    return bed.effects.stream()
        .filter(Effect.Announce.class::isInstance)
        .map(e -> ((Effect.Announce) e).happening())
        .filter(h -> h.path().startsWith(".group/"))
        .map(Happening::toString)
        .map(h -> h.substring(h.indexOf("event=")))
        .toList();
  }

  private void refused(Rejection.Reason reason, Command command) {
    assertThat(bed.ask(command))
        .isInstanceOfSatisfying(
            Reply.No.class, no -> assertThat(no.rejection().reason()).isEqualTo(reason));
  }

  @Test
  void theLossOfANodeIsOneOfTheThingsThatAreTold() {
    bed.must(join("g", member("a", "x", 1)));
    bed.must(join("g", member("b", "x", 1)));
    bed.must(join("g", member("b", "y", 1)));
    bed.lose("b");
    SamGroup group = bed.state.tree().sam().groups().get(new Name("g"));
    assertThat(group.members().keySet()).containsExactly(member("a", "x", 1));
    assertThat(told())
        .containsExactly(
            "event=group-joined, reason=a:x#1, detail=a:x#1]",
            "event=group-joined, reason=b:x#1, detail=a:x#1\nb:x#1]",
            "event=group-joined, reason=b:y#1, detail=a:x#1\nb:x#1\nb:y#1]",
            "event=group-left, reason=b:x#1, detail=lost\na:x#1\nb:y#1]",
            "event=group-left, reason=b:y#1, detail=lost\na:x#1]");
    GroupCall hello = new GroupCall.Say(Blob.of(new byte[] {1}));
    refused(
        Rejection.Reason.BAD_HANDLE, new Command.Group(new Name("g"), member("b", "x", 1), hello));
  }

  @Test
  void theNextInstanceTakesThePlaceOfTheOneBefore() {
    bed.must(join("g", member("a", "x", 1)));
    bed.must(join("g", member("a", "x", 2)));
    assertThat(told())
        .containsExactly(
            "event=group-joined, reason=a:x#1, detail=a:x#1]",
            "event=group-left, reason=a:x#1, detail=ended\n]",
            "event=group-joined, reason=a:x#2, detail=a:x#2]");
  }

  @Test
  void groupsAndTheirMembersAreBounded() {
    for (int i = 0; i < SamGroup.MOST_MEMBERS; i++) {
      bed.must(join("g", member("a", "p" + i, 1)));
    }
    refused(Rejection.Reason.LIMIT, join("g", member("a", "one more", 1)));
    for (int i = 1; i < SamGroup.MOST; i++) {
      bed.must(join("g" + i, member("a", "p", 1)));
    }
    refused(Rejection.Reason.LIMIT, join("one more", member("a", "p", 1)));
  }
}
