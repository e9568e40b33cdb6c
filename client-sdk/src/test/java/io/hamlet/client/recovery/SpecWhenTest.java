package io.hamlet.client.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.SocketException;
import java.nio.channels.ClosedByInterruptException;
import java.util.List;

/** ham.md 9.1 and 9.2: which calls are recovered. */
class SpecWhenTest {
  private final Bed bed = new Bed();

  @Rule(value = "ham 9.1/1", says = "A connection that was not attached behaves as usual")
  void plain() throws Exception {
    HaConnection<Toy.Line> c = Ha.plain(bed.toy.dial(), bed.terms);
    assertThat(Bed.get(c)).isEqualTo("get x by 1");
    bed.toy.kill();
    assertThatThrownBy(() -> Bed.get(c)).isInstanceOf(SocketException.class);
    assertThat(bed.events).isEmpty();
  }

  @Rule(value = "ham 9.1/2", says = "On a loss the function is called, then the call issued again")
  void recovers() throws Exception {
    HaConnection<Toy.Line> c = bed.open(bed.dials);
    bed.toy.kill();
    assertThat(Bed.get(c)).isEqualTo("get x by 2");
    assertThat(bed.calls).hasValue(1);
  }

  @Rule(value = "ham 9.1/3", says = "What is built on a covered connection heals without change")
  void builtOn() throws Exception {
    Toy.Line line = Ha.cover(Toy.Line.class, bed.toy::dial, bed.dials);
    bed.toy.kill();
    assertThat(line.get("x")).isEqualTo("get x by 2");
  }

  @Rule(value = "ham 9.2/1", says = "Only an error that means a loss is recovered")
  void otherErrors() throws Exception {
    HaConnection<Toy.Line> c = bed.open(bed.dials);
    assertThatThrownBy(() -> c.call(Repeat.IDEMPOTENT, l -> l.get("nonsense")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(bed.calls).hasValue(0);
  }

  @Rule(value = "ham 9.2/2", says = "Without a recovery function the error goes to the caller")
  void noFunction() throws Exception {
    HaConnection<Toy.Line> c = bed.open(null);
    bed.toy.kill();
    assertThatThrownBy(() -> Bed.get(c)).hasMessage("wire 1 is broken");
  }

  @Rule(value = "ham 9.2/3", says = "The errors of lost sockets and stale files are losses")
  void theLosses() {
    List<Throwable> lost =
        List.of(
            new SocketException("Connection reset"),
            new IOException("Broken pipe"),
            new java.io.EOFException(),
            new java.nio.channels.AsynchronousCloseException(),
            new java.io.UncheckedIOException(new IOException("Stale file handle")),
            new IOException("Input/output error"),
            new IOException("Bad file descriptor"));
    assertThat(lost).allMatch(e -> Losses.IO.of(e) == Loss.LOST);
    assertThat(Losses.IO.of(new java.net.ConnectException())).isEqualTo(Loss.BEFORE_SENDING);
    List<Throwable> others =
        List.of(
            new ClosedByInterruptException(),
            new java.net.SocketTimeoutException(),
            new IOException("No space left on device"),
            new IOException((String) null),
            new RuntimeException());
    assertThat(others).allMatch(e -> Losses.IO.of(e) == Loss.NONE);
    Losses own = Losses.of(List.of(IllegalStateException.class));
    assertThat(own.of(new IllegalStateException())).isEqualTo(Loss.LOST);
    assertThat(own.of(new IOException())).isEqualTo(Loss.NONE);
  }
}
