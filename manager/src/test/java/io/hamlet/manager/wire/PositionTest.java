package io.hamlet.manager.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.EntryId;
import io.hamlet.core.model.Refused;
import io.hamlet.core.model.Rejection.Reason;
import java.util.Base64;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PositionTest {
  private static final Position SAMPLE =
      new Position("node-a", new EffectId(new EntryId(3, 7, 123_456), 2));

  @Test
  void theFormatIsFixed() {
    assertThat(SAMPLE.text()).isEqualTo("AQZub2RlLWEDB8DEBwI");
    assertThat(Position.parse("AQZub2RlLWEDB8DEBwI")).isEqualTo(SAMPLE);
  }

  @Property
  void comesBackAsItWas(
      @ForAll @LongRange(max = Long.MAX_VALUE) long incarnation,
      @ForAll @LongRange(max = Long.MAX_VALUE) long epoch,
      @ForAll @LongRange(max = Long.MAX_VALUE) long index,
      @ForAll @IntRange(max = Integer.MAX_VALUE) int ordinal) {
    EffectId id = new EffectId(new EntryId(incarnation, epoch, index), ordinal);
    Position position = new Position("Knoten-ä", id);
    assertThat(position.text()).matches("[A-Za-z0-9_-]{2,}");
    assertThat(Position.parse(position.text())).isEqualTo(position);
  }

  @Property
  void anyBytesAreAPositionOrRefused(@ForAll @Size(max = 40) byte[] bytes) {
    refusedOrCanonical(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }

  @Property
  void anyTextIsAPositionOrRefused(@ForAll String text) {
    refusedOrCanonical(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0",
        "AQZub2RlLWEDB8DEBwI=",
        "AQZub2RlLWEDB8DEBwIA",
        "AQZub2RlLWEDB8DEBw",
        "AQZub2RlLWEDB8DEBwJ",
        "AQZub2RlLWEDh4AAwMQHAg",
        "AAZub2RlLWEDB8DEBwI",
        "AQAAAAAA",
        "not a position",
      })
  void whatTextDidNotWriteIsRefused(String text) {
    assertThatThrownBy(() -> Position.parse(text))
        .isInstanceOfSatisfying(
            Refused.class, r -> assertThat(r.rejection().reason()).isEqualTo(Reason.INVALID));
  }

  @Test
  void aNewerFormatIsCalledThat() {
    assertThatThrownBy(() -> Position.parse("AwZub2Rl"))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("newer Hamlet");
  }

  @Test
  void messagesSayWhatToDoAndNeverRepeatAFlood() {
    assertThatThrownBy(() -> Position.parse("x\u001b[2J".repeat(10_000)))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("give one back exactly")
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(250).doesNotContain("\u001b"));
  }

  @Test
  void treesHaveNamesOfABoundedLength() {
    assertThat(Position.parse(new Position("n".repeat(255), SAMPLE.id()).text()).tree())
        .hasSize(255);
    assertThatThrownBy(() -> new Position("n".repeat(256), SAMPLE.id()))
        .isInstanceOf(Refused.class);
  }

  private static void refusedOrCanonical(String text) {
    Throwable thrown =
        catchThrowable(() -> assertThat(Position.parse(text).text()).isEqualTo(text));
    if (thrown != null) {
      assertThat(thrown).isInstanceOf(Refused.class);
    }
  }
}
