package io.hamlet.core.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.model.Flags;
import io.hamlet.core.model.Limits;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.RequestId;
import org.junit.jupiter.api.Test;

/** A client that confirms no answers, beside a request whose outcome is awaited. */
class ClientsTest {
  private static final long CLIENT = 7;
  private static final int MOST = 2;

  private final Bed bed = new Bed(new Limits(100, 9, 9, 9, 9, 3, MOST, 9, 9, 2, 4));

  /** Found in review: thrown from an event it ended the core, and each of its successors. */
  @Test
  void whoHasNoRoomLeftIsAnsweredAllTheSame() {
    RequestId first = new RequestId(CLIENT, 1, 1);
    begin(first);
    assertThat(bed.ask(new RequestId(CLIENT, 2, 1), placeholder("a")))
        .isInstanceOf(Reply.Handle.class);
    assertThat(bed.ask(new RequestId(CLIENT, 3, 1), placeholder("b"))).isInstanceOf(Reply.No.class);
    bed.release();
    assertThat(bed.answerTo(first)).isInstanceOf(Reply.Handle.class);
    bed.assertReplays();
  }

  @Test
  void whoConfirmsAnAnswerBeforeItIsGivenHarmsOnlyItself() {
    RequestId first = new RequestId(CLIENT, 1, 1);
    begin(first);
    for (int i = 2; i < 2 + MOST; i++) {
      bed.ask(new RequestId(CLIENT, i, 2), placeholder("e" + i));
    }
    assertThat(bed.state.clients().get(CLIENT).answers()).hasSize(MOST);
    bed.release();
    assertThat(bed.answerTo(first)).isInstanceOf(Reply.Handle.class);
    assertThat(bed.state.clients().get(CLIENT).answers()).hasSize(MOST);
    bed.assertReplays();
  }

  private void begin(RequestId id) {
    bed.holdStarts = true;
    assertThat(bed.ask(id, Bed.attachment("web", 0))).isNull();
  }

  private static Command placeholder(String name) {
    return new Command.CreateEntity(new Name(name), Flags.OfEntity.NONE);
  }
}
