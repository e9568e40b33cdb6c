package io.hamlet.core.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.model.Exit;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.Rejection;
import io.hamlet.core.sam.Blob;
import io.hamlet.core.sam.GroupCall;
import io.hamlet.core.sam.Recovery;
import io.hamlet.core.sam.SamCall;
import io.hamlet.core.sam.SamGroup;
import io.hamlet.core.sam.SamGroup.Member;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Programs in groups: one order for what is said and for who comes and goes. */
class GroupsTest {
  private static final Name GROUP = new Name("pair");
  private final SamBed bed = new SamBed();

  private Member member() {
    return new Member("n1", SamBed.NAME, bed.program().uid(), bed.instance());
  }

  private Command.Group call(Member who, GroupCall call) {
    return new Command.Group(GROUP, who, call);
  }

  private static GroupCall say(String text) {
    return new GroupCall.Say(Blob.of(text.getBytes(StandardCharsets.UTF_8)));
  }

  private List<String> told() {
    return bed.effects.stream()
        .filter(Effect.Announce.class::isInstance)
        .map(e -> ((Effect.Announce) e).happening())
        .filter(h -> h.path().equals(SamGroup.path(GROUP)))
        .map(h -> h.event() + " " + h.reason() + " " + h.detail())
        .toList();
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void comingsMessagesAndGoingsAreToldInTheOrderOfTheLog() {
    bed.launched(SamBed.strict(0, Recovery.RESTART, ""));
    bed.must(call(member(), new GroupCall.Join()));
    bed.must(call(member(), say("one")));
    bed.must(call(member(), say("")));
    bed.must(call(member(), new GroupCall.Leave("left")));
    assertThat(told())
        .containsExactly(
            "group-joined n1:app#1 n1:app#1",
            "group-message n1:app#1 " + base64("one"),
            "group-message n1:app#1 ",
            "group-left n1:app#1 left\n");
    assertThat(bed.state.sam().groups()).isEmpty();
  }

  @Test
  void whoEndsLeavesInTheVeryEntryOfItsEnd() {
    bed.launched(SamBed.strict(0, Recovery.RESTART, ""));
    bed.start();
    Member first = member();
    bed.must(call(first, new GroupCall.Join()));
    bed.ends(Exit.exited(3));
    assertThat(bed.instance()).isEqualTo(2);
    assertThat(told()).last().isEqualTo("group-left n1:app#1 ended\n");
    bed.refuses(Rejection.Reason.BAD_HANDLE, call(first, say("from the grave")));
    bed.must(call(member(), new GroupCall.Join()));
    assertThat(told()).last().isEqualTo("group-joined n1:app#2 n1:app#2");
  }

  @Test
  void whoHasFinalizedIsInNoGroup() {
    bed.launched(SamBed.strict(0, Recovery.QUIT, ""));
    bed.must(call(member(), new GroupCall.Join()));
    bed.ok(new SamCall.Finalize());
    assertThat(bed.state.sam().groups()).isEmpty();
  }

  @Test
  void onlyMembersSpeakAndNobodyJoinsTwice() {
    bed.launched(SamBed.strict(0, Recovery.RESTART, ""));
    bed.refuses(Rejection.Reason.BAD_HANDLE, call(member(), say("hello")));
    bed.refuses(Rejection.Reason.BAD_HANDLE, call(member(), new GroupCall.Leave("left")));
    bed.must(call(member(), new GroupCall.Join()));
    bed.refuses(Rejection.Reason.EXISTS, call(member(), new GroupCall.Join()));
  }
}
