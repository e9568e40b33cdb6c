package io.hamlet.client.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.SocketException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Generated covers of interfaces of all shapes. */
class CoverClassTest {
  /** All kinds of parameters and results; not public. */
  @Idempotent
  interface Shapes<T extends Comparable<T>> extends Function<T, List<T>> {
    long sum(byte a, short b, char c, int d, long e, float f, double g, boolean h, T i, int... j);

    double half(double of);

    boolean not(boolean it);

    void nothing();

    default String twice(String it) {
      return it + it;
    }

    static int none() {
      return 0;
    }

    @Override
    boolean equals(Object other);
  }

  /** Overrides with a narrower type, so two methods are to be covered. */
  interface Narrow extends Callable<String> {
    @Override
    String call();
  }

  private static class Real implements Shapes<String> {
    boolean broken;

    @Override
    public long sum(
        byte a, short b, char c, int d, long e, float f, double g, boolean h, String i, int... j) {
      return a + b + c + d + e + (long) f + (long) g + (h ? 1 : 0) + i.length() + j.length;
    }

    @Override
    public double half(double of) {
      return of / 2;
    }

    @Override
    public boolean not(boolean it) {
      return !it;
    }

    @Override
    public void nothing() {
      if (broken) {
        throw Sneaky.raise(new SocketException("broken"));
      }
    }

    @Override
    public List<String> apply(String it) {
      return List.of(it);
    }
  }

  @Test
  @SuppressWarnings({"unchecked", "rawtypes"})
  void everyShapeOfMethodIsCovered() throws Exception {
    Real real = new Real();
    Shapes<String> cover = Ha.cover(Shapes.class, () -> real, null);
    byte one = 1;
    short two = 2;
    assertThat(cover.sum(one, two, (char) 3, 4, 5L, 6f, 7d, true, "123456789", 1, 2)).isEqualTo(40);
    assertThat(cover.half(3)).isEqualTo(1.5);
    assertThat(cover.not(true)).isFalse();
    assertThat(cover.twice("a")).isEqualTo("aa");
    assertThat(cover.apply("x")).containsExactly("x");
    cover.nothing();
    assertThat(cover).hasToString("cover of CoverClassTest$Shapes").isNotEqualTo(real);
    assertThat(cover.hashCode()).isEqualTo(System.identityHashCode(cover));
  }

  @Test
  @SuppressWarnings({"unchecked", "rawtypes"})
  void aMarkOnTheInterfaceIsForAllItsMethods() throws Exception {
    Real dead = new Real();
    dead.broken = true;
    Shapes<String> cover =
        Ha.cover(Shapes.class, () -> dead, Recovery.<Shapes>reopening(() -> new Real()));
    cover.nothing();
    assertThat(Ha.connection((Shapes) cover).counters().recoveries()).isEqualTo(1);
  }

  @Test
  void bridgesAndInterfacesOfTheJdkAreCovered() throws Exception {
    Narrow narrow = Ha.cover(Narrow.class, () -> () -> "narrow", null);
    assertThat(((Callable<?>) narrow).call()).isEqualTo("narrow");
    assertThat(narrow.call()).isEqualTo("narrow");
    CharSequence text = Ha.cover(CharSequence.class, () -> "text", null);
    assertThat(text.length()).isEqualTo(4);
  }

  @Test
  void theClassOfAnInterfaceIsMadeOnceForEachSetOfRepeats() throws Exception {
    Object one = Ha.cover(Narrow.class, () -> () -> "1", null);
    Object two = Ha.cover(Narrow.class, () -> () -> "2", null);
    assertThat(one.getClass()).isSameAs(two.getClass()).matches(Class::isHidden);
    Narrow three =
        Ha.cover(Narrow.class, Ha.plain(() -> "3", Terms.USUAL), method -> Repeat.IDEMPOTENT);
    assertThat(three.getClass()).isNotSameAs(one.getClass());
    assertThat(three.call()).isEqualTo("3");
  }

  @Test
  void whatCannotBeImplementedIsRefused() {
    assertThatThrownBy(() -> Ha.cover(String.class, () -> "", null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no interface");
    assertThatThrownBy(() -> Ha.cover(RecoveryEvent.class, () -> null, null))
        .isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> Ha.connection("text")).isInstanceOf(IllegalArgumentException.class);
  }
}
