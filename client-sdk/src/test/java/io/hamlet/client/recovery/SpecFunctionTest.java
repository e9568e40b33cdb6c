package io.hamlet.client.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** ham.md 9.3: the contract of the recovery function. */
class SpecFunctionTest {
  private final Bed bed = new Bed();

  @Rule(
      value = "ham 9.3/1",
      says = "The function gets the id of the failed connection and its error")
  void arguments() throws Exception {
    List<Object> seen = new ArrayList<>();
    HaConnection<Toy.Line> c =
        bed.open(
            it -> {
              seen.addAll(List.of(it.id(), it.error().getMessage(), it.attempt()));
              return it.reopen(bed.toy::dial);
            });
    bed.toy.kill();
    Bed.get(c);
    assertThat(seen).containsExactly(c.id(), "wire 1 is broken", 1);
  }

  @Rule(value = "ham 9.3/2", says = "It may connect elsewhere and restore state before the call")
  void elsewhere() throws Exception {
    Toy other = new Toy();
    HaConnection<Toy.Line> c =
        bed.open(
            it -> {
              int id = it.reopen(other::dial);
              it.connection().get("state");
              return id;
            });
    bed.toy.kill();
    Bed.get(c);
    assertThat(other.done).containsExactly("get state", "get x");
  }

  @Rule(value = "ham 9.3/3", says = "Another id than that of the failed connection is a failure")
  void wrongId() throws Exception {
    HaConnection<Toy.Line> c = bed.open(it -> it.reopen(bed.toy::dial) + 1);
    bed.toy.kill();
    assertThatThrownBy(() -> Bed.get(c)).hasMessage("wire 1 is broken");
    assertThat(bed.toy.open).as("what was opened in vain is closed").hasValue(0);
  }

  @Rule(value = "ham 9.3/4", says = "When it returns -1 the original error is passed on at once")
  void minusOne() throws Exception {
    HaConnection<Toy.Line> c = bed.open(bed.refuses);
    bed.toy.kill();
    assertThatThrownBy(() -> Bed.get(c)).hasMessage("wire 1 is broken");
    assertThat(bed.calls).hasValue(1);
    assertThat(bed.toy.done).isEmpty();
  }

  @Rule(value = "ham 9.3/5", says = "When it throws the original error is passed on and keeps it")
  void throwing() throws Exception {
    IOException own = new IOException("no route");
    HaConnection<Toy.Line> c =
        bed.open(
            it -> {
              throw own;
            });
    bed.toy.kill();
    assertThatThrownBy(() -> Bed.get(c))
        .hasMessage("wire 1 is broken")
        .satisfies(e -> assertThat(e.getSuppressed()).containsExactly(own));
  }

  @Rule(value = "ham 9.3/6", says = "A call that fails again after a recovery is recovered again")
  void again() throws Exception {
    HaConnection<Toy.Line> c =
        bed.open(
            it -> {
              int id = bed.dials.recover(it);
              if (bed.calls.get() < 3) {
                bed.toy.kill();
              }
              return id;
            });
    bed.toy.kill();
    assertThat(Bed.get(c)).isEqualTo("get x by 4");
    assertThat(bed.calls).hasValue(3);
  }

  @Rule(value = "ham 9.3/7", says = "The message may reach the server twice")
  void twice() throws Exception {
    HaConnection<Toy.Line> c = bed.open(bed.dials);
    bed.toy.last().breakAfterwards();
    Bed.get(c);
    assertThat(bed.toy.done).containsExactly("get x", "get x");
  }

  @Rule(value = "ham 9.3/8", says = "It runs in the thread that made the failing call")
  void sameThread() throws Exception {
    List<Thread> seen = new ArrayList<>();
    HaConnection<Toy.Line> c =
        bed.open(
            it -> {
              seen.add(Thread.currentThread());
              return bed.dials.recover(it);
            });
    bed.toy.kill();
    Bed.get(c);
    assertThat(seen).containsExactly(Thread.currentThread());
  }

  @Rule(value = "ham 9.3/9", says = "Calls of the function on this connection do not recurse")
  void noRecursion() throws Exception {
    HaConnection<Toy.Line> c = bed.open(null);
    List<String> seen = new ArrayList<>();
    c.attach(
        it -> {
          bed.calls.incrementAndGet();
          assertThatThrownBy(() -> Bed.get(c)).hasMessage("wire 1 is broken");
          int id = it.reopen(bed.toy::dial);
          seen.add(Bed.get(c));
          return id;
        },
        HaConnection.Attach.REPLACE);
    bed.toy.kill();
    Bed.get(c);
    assertThat(bed.calls).hasValue(1);
    assertThat(seen).as("it sees what it has opened").containsExactly("get x by 2");
  }

  @Rule(value = "ham 9.3/10", says = "A function that mended the connection itself need not reopen")
  void withoutReopen() throws Exception {
    Toy.Line[] inside = {bed.toy.dial()};
    Toy.Line outside =
        new Toy.Line() {
          @Override
          public String get(String key) throws IOException {
            return inside[0].get(key);
          }

          @Override
          public String add(String key) throws IOException {
            return inside[0].add(key);
          }

          @Override
          public void close() {}
        };
    HaConnection<Toy.Line> c =
        Ha.attach(
            outside,
            it -> {
              inside[0] = bed.toy.dial();
              return it.id();
            },
            bed.terms);
    bed.toy.kill();
    assertThat(Bed.get(c)).isEqualTo("get x by 2");
  }
}
