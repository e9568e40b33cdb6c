package io.hamlet.manager.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.EntryId;
import io.hamlet.core.model.Refused;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PositionsTest {
  private static final Positions SAMPLE =
      new Positions(List.of(at("*", 5), at("a", 1), at("b", 9)));

  private static Position at(String tree, long index) {
    return new Position(tree, new EffectId(new EntryId(3, 7, index), 2));
  }

  @Test
  void theFormatIsFixed() {
    assertThat(SAMPLE.text()).isEqualTo("AgMBKgMHBQIBYQMHAQIBYgMHCQI");
    assertThat(Positions.parse(SAMPLE.text())).isEqualTo(SAMPLE);
    assertThat(SAMPLE.of("b")).isEqualTo(at("b", 9));
    assertThat(SAMPLE.of("c")).isNull();
  }

  @Test
  void noneAndManyComeBackAsTheyWere() {
    List<Position> many =
        IntStream.range(0, Positions.MOST)
            .mapToObj(i -> at("%03d".formatted(i).repeat(80), Long.MAX_VALUE - i))
            .toList();
    for (Positions each : List.of(new Positions(List.of()), new Positions(many))) {
      assertThat(Positions.parse(each.text())).isEqualTo(each);
    }
  }

  @Test
  void tooManyAndTwiceAndOutOfOrderAreRefused() {
    List<Position> many =
        IntStream.rangeClosed(0, Positions.MOST).mapToObj(i -> at("%03d".formatted(i), 1)).toList();
    for (List<Position> wrong :
        List.of(many, List.of(at("a", 1), at("a", 2)), List.of(at("b", 1), at("a", 1)))) {
      assertThatThrownBy(() -> new Positions(wrong)).isInstanceOf(Refused.class);
    }
  }

  @Test
  void thatOfOneTreeIsNoneOfAllAndTheOtherWayRound() {
    assertThatThrownBy(() -> Positions.parse(at("a", 1).text()))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("all nodes");
    assertThatThrownBy(() -> Position.parse(SAMPLE.text()))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("all nodes");
  }

  @Property
  void anyBytesArePositionsOrRefused(@ForAll @Size(max = 60) byte[] bytes) {
    bytes = bytes.clone();
    if (bytes.length > 0) {
      bytes[0] = Positions.ALL_TREES;
    }
    String text = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    Throwable thrown =
        catchThrowable(() -> assertThat(Positions.parse(text).text()).isEqualTo(text));
    if (thrown != null) {
      assertThat(thrown).isInstanceOf(Refused.class);
    }
  }
}
