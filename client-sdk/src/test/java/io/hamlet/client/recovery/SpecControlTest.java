package io.hamlet.client.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.SocketException;

/** ham.md 9.5: the control commands. */
class SpecControlTest {
  private final Bed bed = new Bed();

  @Rule(value = "ham 9.5/1", says = "TOTAL_LIMIT bounds the recoveries of the connection's life")
  void total() throws Exception {
    HaConnection<Toy.Line> c = bed.open(bed.dials);
    c.control(Control.TOTAL_LIMIT, 2);
    recoverOnce(c);
    recoverOnce(c);
    bed.toy.kill();
    assertThatThrownBy(() -> Bed.get(c)).isInstanceOf(SocketException.class);
    assertThat(bed.calls).hasValue(2);
    c.control(Control.TOTAL_LIMIT, 3);
    recoverOnce(c);
  }

  @Rule(value = "ham 9.5/2", says = "FAILURE_LIMIT bounds the attempts for one failure")
  void perFailure() throws Exception {
    HaConnection<Toy.Line> c = bed.open(bed.refuses);
    c.control(Control.FAILURE_LIMIT, 2);
    bed.toy.kill();
    for (int i = 0; i < 4; i++) {
      assertThatThrownBy(() -> Bed.get(c)).isInstanceOf(SocketException.class);
    }
    assertThat(bed.calls).hasValue(2);
  }

  @Rule(value = "ham 9.5/3", says = "A loop of recoveries that help nothing ends at FAILURE_LIMIT")
  void loop() throws Exception {
    HaConnection<Toy.Line> c =
        bed.open(
            it -> {
              int id = bed.dials.recover(it);
              bed.toy.kill();
              return id;
            });
    c.control(Control.FAILURE_LIMIT, 5);
    bed.toy.kill();
    assertThatThrownBy(() -> Bed.get(c)).hasMessage("wire 6 is broken");
    assertThat(bed.calls).hasValue(5);
  }

  @Rule(value = "ham 9.5/4", says = "The count for one failure is zero again after a success")
  void countEnds() throws Exception {
    HaConnection<Toy.Line> c = bed.open(bed.dials);
    c.control(Control.FAILURE_LIMIT, 1);
    for (int i = 0; i < 5; i++) {
      recoverOnce(c);
      assertThat(c.counters().failureAttempts()).isZero();
    }
    bed.toy.kill();
    assertThatThrownBy(() -> c.call(Repeat.IDEMPOTENT, l -> l.get("nonsense")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(c.counters().failureAttempts()).as("an answer that is an error").isZero();
  }

  @Rule(value = "ham 9.5/5", says = "A negative limit, the default, is none; zero allows nothing")
  void negative() throws Exception {
    HaConnection<Toy.Line> c = bed.open(bed.dials);
    c.control(Control.TOTAL_LIMIT, 0);
    bed.toy.kill();
    assertThatThrownBy(() -> Bed.get(c)).isInstanceOf(SocketException.class);
    c.control(Control.TOTAL_LIMIT, -1);
    c.control(Control.FAILURE_LIMIT, 0);
    assertThatThrownBy(() -> Bed.get(c)).isInstanceOf(SocketException.class);
    c.control(Control.FAILURE_LIMIT, -7);
    for (int i = 0; i < 20; i++) {
      recoverOnce(c);
    }
  }

  @Rule(value = "ham 9.5/6", says = "SUSPEND makes an ordinary connection of it, ENABLE undoes it")
  void suspend() throws Exception {
    HaConnection<Toy.Line> c = bed.open(bed.dials);
    recoverOnce(c);
    c.control(Control.SUSPEND);
    bed.toy.kill();
    assertThatThrownBy(() -> Bed.get(c)).isInstanceOf(SocketException.class);
    assertThat(c.isAttached()).isTrue();
    Counters before = c.counters();
    c.control(Control.ENABLE);
    assertThat(c.counters()).isEqualTo(before);
    recoverOnce(c);
  }

  @Rule(value = "ham 9.5/7", says = "RESET_FAILURE_COUNT lets a failure be tried again")
  void resetFailure() throws Exception {
    HaConnection<Toy.Line> c = bed.open(bed.refuses);
    c.control(Control.FAILURE_LIMIT, 1);
    bed.toy.kill();
    assertThatThrownBy(() -> Bed.get(c)).isInstanceOf(SocketException.class);
    c.control(Control.RESET_FAILURE_COUNT);
    assertThatThrownBy(() -> Bed.get(c)).isInstanceOf(SocketException.class);
    assertThat(bed.calls).hasValue(2);
  }

  @Rule(value = "ham 9.5/8", says = "RESET_TOTAL_COUNT gives the whole limit again")
  void resetTotal() throws Exception {
    HaConnection<Toy.Line> c = bed.open(bed.dials);
    c.control(Control.TOTAL_LIMIT, 1);
    recoverOnce(c);
    c.control(Control.RESET_TOTAL_COUNT);
    recoverOnce(c);
    assertThat(c.counters().recoveries()).isEqualTo(1);
    assertThat(c.counters().attempts()).isEqualTo(2);
  }

  @Rule(value = "ham 9.5/9", says = "A command without its argument, or none, is refused")
  void badCommand() throws Exception {
    HaConnection<Toy.Line> c = bed.open(bed.dials);
    assertThatThrownBy(() -> c.control(Control.TOTAL_LIMIT))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> c.control(null, 1)).isInstanceOf(NullPointerException.class);
  }

  private void recoverOnce(HaConnection<Toy.Line> c) throws Exception {
    int before = bed.calls.get();
    bed.toy.kill();
    Bed.get(c);
    assertThat(bed.calls).hasValue(before + 1);
  }
}
