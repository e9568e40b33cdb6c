package io.hamlet.core.recovery;

import static io.hamlet.core.model.Rejection.Reason.EXISTS;
import static io.hamlet.core.recovery.Words.log;
import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.model.Flags;
import io.hamlet.core.model.Limits;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.RequestId;
import io.hamlet.core.model.Target;

/** Requests may come twice (architecture.md 6); they count once. */
class SpecRequestsTest extends SpecBed {
  @Rule(value = "arch 6/1", says = "A repeated request is answered as before and changes nothing")
  void repeated() {
    bed.attach("web");
    bed.whenRaised("web/c", 0);
    RequestId id = bed.nextRequest();
    Reply first = bed.ask(id, Bed.action("web/c/a", log("x"), 0));
    HamState before = bed.state;
    bed.forgetEffects();
    assertThat(bed.ask(id, Bed.action("web/c/a", log("x"), 0))).isEqualTo(first);
    assertThat(bed.state).isSameAs(before);
    assertThat(bed.effects(Effect.Answer.class)).hasSize(1);
  }

  @Rule(value = "arch 6/2", says = "A repetition while the outcome is open waits for the outcome")
  void pending() {
    bed.holdStarts = true;
    RequestId id = bed.nextRequest();
    assertThat(bed.ask(id, Bed.attachment("web", 0))).isNull();
    HamState before = bed.state;
    assertThat(bed.ask(id, Bed.attachment("web", 0))).isNull();
    assertThat(bed.state).isSameAs(before);
    bed.release();
    assertThat(bed.answerTo(id)).isInstanceOf(Reply.Handle.class);
    assertThat(bed.ran()).hasSize(1);
  }

  @Rule(value = "arch 6/3", says = "A repetition is answered by the successor too")
  void repeatedAfterTakeover() {
    RequestId id = bed.nextRequest();
    Reply first = bed.ask(id, Bed.attachment("web", 0));
    bed.takeOver();
    bed.forgetEffects();
    assertThat(bed.ask(id, Bed.attachment("web", 0))).isEqualTo(first);
    assertThat(bed.ran()).isEmpty();
  }

  @Rule(value = "arch 6/4", says = "Answers the client says it has are forgotten")
  void forgotten() {
    for (int i = 0; i < 5; i++) {
      bed.placeholder("e" + i);
    }
    int kept = bed.state.clients().get(7L).answers().size();
    RequestId id = bed.nextRequest();
    bed.ask(
        new RequestId(id.client(), id.sequence(), id.sequence()),
        new Command.PublishRaise(Target.of("e0"), 1, 1, 1));
    assertThat(bed.state.clients().get(7L).answers()).hasSizeLessThan(kept);
  }

  @Rule(value = "arch 6/5", says = "The client that has been idle longest is forgotten first")
  void idleClients() {
    Bed small = new Bed(new Limits(100, 9, 9, 9, 9, 3, 99, 9, 9, 2, 4));
    for (long client = 1; client <= 5; client++) {
      small.ask(new RequestId(client, 1, 1), placeholder("e" + client));
    }
    assertThat(small.state.clients().keySet()).containsExactly(3L, 4L, 5L);
    small.ask(new RequestId(3, 2, 1), placeholder("e6"));
    small.ask(new RequestId(6, 1, 1), placeholder("e7"));
    assertThat(small.state.clients().keySet()).containsExactly(3L, 5L, 6L);
    small.assertReplays();
  }

  @Rule(value = "arch 6/6", says = "A refusal changes nothing and is told with a reason")
  void refusal() {
    bed.attach("web");
    bed.refuses(EXISTS, new Command.CreateEntity(new Name("web"), Flags.OfEntity.NONE));
  }

  @Rule(
      value = "arch 6/7",
      says = "A stale copy of a request whose answer was confirmed is refused")
  void staleCopy() {
    RequestId first = bed.nextRequest();
    bed.ask(first, placeholder("a"));
    bed.remove("a");
    RequestId next = bed.nextRequest();
    bed.ask(new RequestId(next.client(), next.sequence(), next.sequence()), placeholder("b"));
    HamState before = bed.state;
    assertThat(bed.ask(first, placeholder("a"))).isInstanceOf(Reply.No.class);
    assertThat(bed.state).isSameAs(before);
  }

  private static Command placeholder(String name) {
    return new Command.CreateEntity(new Name(name), Flags.OfEntity.NONE);
  }
}
