package io.hamlet.agent.basic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What comes in at the socket may be anything. */
class JsonTextTest {
  @Test
  void everyKindOfValueIsRead() {
    String text = " {\"a\":[1,-2,1.5,true,false],\"b\":{},\"c\":\"\\u20ac\\n\\\"\",\"d\":[]} ";
    assertThat(JsonText.object(text))
        .isEqualTo(
            Map.of(
                "a",
                List.of(1L, -2L, 1.5, true, false),
                "b",
                Map.of(),
                "c",
                "\u20ac\n\"",
                "d",
                List.of()));
    assertThat(JsonText.read("null")).isNull();
  }

  @Test
  void whatIsNoneIsRefused() {
    List<String> wrong =
        List.of(
            "",
            "{",
            "[1,]",
            "{\"a\":1,}",
            "{a:1}",
            "\"\\x\"",
            "\"\\u12\"",
            "tru",
            "1 2",
            "\"\n\"",
            "-",
            "[1 2]",
            "{\"a\" 1}",
            "[".repeat(100_000));
    for (String text : wrong) {
      assertThatThrownBy(() -> JsonText.read(text)).isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> JsonText.object("[]")).hasMessageContaining("object");
  }
}
