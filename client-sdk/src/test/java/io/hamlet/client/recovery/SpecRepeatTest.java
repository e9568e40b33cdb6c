package io.hamlet.client.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ConnectException;

/** Our extension of ham.md 9: what may be sent again is said; events and counters. */
class SpecRepeatTest {
  private final Bed bed = new Bed();

  @Rule(value = "ours 9/1", says = "A call that may be sent once ends as OutcomeUnknown, healed")
  void once() throws Exception {
    HaConnection<Toy.Line> c = bed.open(bed.dials);
    bed.toy.last().breakAfterwards();
    assertThatThrownBy(() -> Bed.add(c))
        .isInstanceOf(OutcomeUnknown.class)
        .cause()
        .hasMessage("wire 1 breaks");
    assertThat(bed.toy.done).containsExactly("add x");
    assertThat(Bed.add(c)).isEqualTo("add x by 2");
    assertThat(c.counters().unknown()).isEqualTo(1);
    assertThat(c.counters().failureAttempts()).isZero();
  }

  @Rule(
      value = "ours 9/2",
      says = "A call that was certainly not sent is issued again, whatever it is")
  void notSent() throws Exception {
    HaConnection<Toy.Line> c = bed.open(bed.dials);
    int[] tries = new int[1];
    String got =
        c.call(
            Repeat.ONCE,
            line -> {
              if (tries[0]++ == 0) {
                throw new ConnectException("refused");
              }
              return line.add("x");
            });
    assertThat(got).isEqualTo("add x by 2");
  }

  @Rule(value = "ours 9/3", says = "If it is not healed the error itself is told")
  void notHealed() throws Exception {
    HaConnection<Toy.Line> c = bed.open(bed.refuses);
    bed.toy.last().breakAfterwards();
    assertThatThrownBy(() -> Bed.add(c)).hasMessage("wire 1 breaks");
  }

  @Rule(value = "ours 9/4", says = "Methods of a cover are sent once unless marked as idempotent")
  void marked() throws Exception {
    Toy.Line line = Ha.cover(Toy.Line.class, bed.toy::dial, bed.dials);
    bed.toy.last().breakAfterwards();
    assertThatThrownBy(() -> line.add("x")).isInstanceOf(OutcomeUnknown.class);
    bed.toy.last().breakAfterwards();
    assertThat(line.get("x")).isEqualTo("get x by 3");
    assertThat(Ha.connection(line).counters().recoveries()).isEqualTo(2);
  }

  @Rule(value = "ours 9/5", says = "Recoveries are told to the listener, also those in vain")
  void events() throws Exception {
    HaConnection<Toy.Line> c = bed.open(bed.refuses);
    bed.toy.kill();
    assertThatThrownBy(() -> Bed.add(c)).hasMessage("wire 1 is broken");
    c.attach(bed.dials, HaConnection.Attach.REPLACE);
    assertThatThrownBy(() -> Bed.add(c)).isInstanceOf(OutcomeUnknown.class);
    assertThat(bed.events.stream().map(e -> e.getClass().getSimpleName()))
        .containsExactly("Began", "NotHealed", "Began", "Healed", "Unknown");
    assertThat(bed.events).allMatch(e -> e.id() == c.id() && e.error() != null);
    Counters seen = c.counters();
    assertThat(seen.attempts()).isEqualTo(2);
    assertThat(seen.recoveries()).isEqualTo(1);
    assertThat(seen.spent()).isPositive();
  }

  @Rule(value = "ours 9/6", says = "A listener that throws harms nothing")
  void badListener() throws Exception {
    Terms terms =
        Terms.USUAL.listener(
            e -> {
              throw new IllegalStateException("a bad hook");
            });
    HaConnection<Toy.Line> c = Ha.open(bed.toy::dial, bed.dials, terms);
    bed.toy.kill();
    assertThat(Bed.get(c)).isEqualTo("get x by 2");
  }
}
