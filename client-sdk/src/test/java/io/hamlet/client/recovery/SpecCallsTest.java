package io.hamlet.client.recovery;

import static io.hamlet.client.recovery.AttachException.Reason.CLOSED;
import static io.hamlet.client.recovery.AttachException.Reason.EXISTS;
import static io.hamlet.client.recovery.AttachException.Reason.NOT_ATTACHED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** ham.md 9.4: the functions. */
class SpecCallsTest {
  private final Bed bed = new Bed();

  @Rule(value = "ham 9.4/1", says = "Attach makes an existing connection heal")
  void attach() throws Exception {
    HaConnection<Toy.Line> c = Ha.plain(bed.toy.dial(), bed.terms);
    c.attach(bed.dials);
    bed.toy.kill();
    assertThat(Bed.get(c)).isEqualTo("get x by 2");
  }

  @Rule(value = "ham 9.4/2", says = "A second attach is EEXIST and changes nothing")
  void attachTwice() throws Exception {
    HaConnection<Toy.Line> c = bed.open(bed.dials);
    assertRefused(() -> c.attach(bed.refuses), EXISTS, "EEXIST");
    bed.toy.kill();
    assertThat(Bed.get(c)).isEqualTo("get x by 2");
  }

  @Rule(value = "ham 9.4/3", says = "With REPLACE the function changes and the record stays")
  void replace() throws Exception {
    HaConnection<Toy.Line> c = bed.open(bed.refuses);
    bed.toy.kill();
    assertThatThrownBy(() -> Bed.get(c)).isInstanceOf(IOException.class);
    c.attach(bed.dials, HaConnection.Attach.REPLACE);
    assertThat(Bed.get(c)).isEqualTo("get x by 2");
    assertThat(c.counters().attempts()).isEqualTo(2);
    assertThat(c.counters().inVain()).isEqualTo(1);
  }

  @Rule(value = "ham 9.4/4", says = "After detach nothing is recovered")
  void detach() throws Exception {
    HaConnection<Toy.Line> c = bed.open(bed.dials);
    c.detach();
    assertThat(Bed.get(c)).isEqualTo("get x by 1");
    bed.toy.kill();
    assertThatThrownBy(() -> Bed.get(c)).hasMessage("wire 1 is broken");
    assertThat(c.isAttached()).isFalse();
  }

  @Rule(value = "ham 9.4/5", says = "Detach, dup and control of what is not attached are EBADF")
  void notAttached() throws Exception {
    HaConnection<Toy.Line> c = Ha.plain(bed.toy.dial(), bed.terms);
    List<ThrowingCallable> all =
        List.of(c::detach, c::dup, () -> c.control(Control.SUSPEND), c::counters);
    all.forEach(call -> assertRefused(call, NOT_ATTACHED, "EBADF"));
    c.close();
    List<ThrowingCallable> closed =
        List.of(c::detach, c::dup, () -> c.attach(bed.dials), () -> Bed.get(c));
    closed.forEach(call -> assertRefused(call, CLOSED, "EBADF"));
  }

  @Rule(value = "ham 9.4/6", says = "Open fails with the error of the opener and attaches nothing")
  void openFails() {
    assertThatThrownBy(
            () ->
                Ha.<Toy.Line>open(
                    () -> {
                      throw new IOException("no such server");
                    },
                    bed.dials))
        .hasMessage("no such server");
    assertThatThrownBy(() -> Ha.<Toy.Line>open(() -> null, bed.dials))
        .isInstanceOf(NullPointerException.class);
    assertThat(bed.calls).hasValue(0);
  }

  @Rule(value = "ham 9.4/7", says = "Close detaches and closes, once")
  void close() throws Exception {
    HaConnection<Toy.Line> c = bed.open(bed.dials);
    c.close();
    c.close();
    assertThat(bed.toy.open).hasValue(0);
    assertThat(c.isAttached()).isFalse();
    assertThat(c.isClosed()).isTrue();
  }

  @Rule(value = "ham 9.4/8", says = "Duplicates share one record: a change to one is to both")
  void dup() throws Exception {
    HaConnection<Toy.Line> one = bed.open(bed.refuses);
    HaConnection<Toy.Line> two = one.dup();
    assertThat(two.id()).isNotEqualTo(one.id());
    one.attach(bed.dials, HaConnection.Attach.REPLACE);
    bed.toy.kill();
    assertThat(Bed.get(two)).isEqualTo("get x by 2");
    assertThat(Bed.get(one)).isEqualTo("get x by 2");
    assertThat(one.counters()).isEqualTo(two.counters());
    assertThat(bed.calls).hasValue(1);
  }

  @Rule(value = "ham 9.4/9", says = "The record and what is open live until the last close")
  void counted() throws Exception {
    HaConnection<Toy.Line> one = bed.open(bed.dials);
    HaConnection<Toy.Line> two = one.dup();
    HaConnection<Toy.Line> three = two.dup();
    assertThat(two.record().references()).isEqualTo(3);
    one.close();
    three.detach();
    assertThat(two.record().references()).isEqualTo(1);
    bed.toy.kill();
    assertThat(Bed.get(two)).isEqualTo("get x by 2");
    RecoveryRecord<Toy.Line> record = two.record();
    two.close();
    assertThat(record.references()).isZero();
    assertThat(bed.toy.open).as("a holder that does not heal still holds it").hasValue(1);
    three.close();
    assertThat(bed.toy.open).hasValue(0);
  }

  @Rule(value = "ham 9.4/10", says = "Reopen closes the old, opens anew and keeps the id")
  void reopen() throws Exception {
    int[] ids = new int[3];
    HaConnection<Toy.Line> c =
        bed.open(
            it -> {
              ids[0] = it.reopen(bed.toy::dial);
              assertThat(bed.toy.open).hasValue(1);
              return ids[1] = it.reopen(bed.toy::dial);
            });
    bed.toy.kill();
    assertThat(Bed.get(c)).isEqualTo("get x by 3");
    assertThat(ids).containsExactly(c.id(), c.id(), 0);
    assertThat(bed.toy.open).hasValue(1);
  }

  @Rule(value = "ham 9.4/11", says = "Closing a cover is closing its connection")
  void closeOfACover() throws Exception {
    Toy.Line line = Ha.cover(Toy.Line.class, bed.toy::dial, bed.dials);
    HaConnection<Toy.Line> c = Ha.connection(line);
    line.close();
    assertThat(c.isClosed()).isTrue();
    assertThat(bed.toy.open).hasValue(0);
    assertThatThrownBy(() -> line.get("x")).isInstanceOf(AttachException.class);
  }

  private static void assertRefused(
      ThrowingCallable call, AttachException.Reason reason, String errno) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            AttachException.class,
            e -> {
              assertThat(e.reason()).isEqualTo(reason);
              assertThat(e.errno()).isEqualTo(errno);
            });
  }
}
