package io.hamlet.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Durations, sizes, signals and JSON. */
class ValuesTest {
  @ParameterizedTest
  @CsvSource({"0ms,0", "250ms,250", "2s,2000", "1m,60000", "1h,3600000", "100000h,360000000000"})
  void readsDurations(String text, long millis) {
    assertThat(Units.duration(text)).hasMillis(millis);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "2", "s", "-1s", "1.5s", "2 s", "2S", "1d", "1s2ms", "0x1s"})
  void refusesOtherDurations(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Units.duration(text));
  }

  @ParameterizedTest
  @CsvSource({"0,0", "512,512", "7B,7", "64KiB,65536", "8MiB,8388608", "1GiB,1073741824"})
  void readsSizes(String text, long bytes) {
    assertThat(Units.size(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "KiB", "64K", "64kib", "-1", "1TB", "999999999999GiB"})
  void refusesOtherSizes(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Units.size(text));
  }

  @ParameterizedTest
  @CsvSource({
    "HUP,1",
    "SIGKILL,9",
    "TERM,15",
    "USR2,12",
    "SYS,31",
    "15,15",
    "64,64",
    "RTMIN,34",
    "RTMIN+2,36",
    "RTMAX,64",
    "RTMAX-1,63",
    "SIGRTMIN+30,64"
  })
  void readsSignals(String text, int number) {
    assertThat(Signals.number(text)).isEqualTo(number);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "65", "-1", "term", "RTMIN+31", "RTMAX-64", "SIG", "SIG15X"})
  void refusesOtherSignals(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Signals.number(text));
  }

  @Test
  void writesJsonOnOneLine() {
    Object document =
        Json.object(
            "text",
            "a\"b\\c\nd\te\u0001\u2028é",
            "number",
            1L << 40,
            "small",
            -1,
            "yes",
            true,
            "none",
            null,
            "time",
            Instant.ofEpochSecond(0, 5),
            "list",
            List.of(1, "x", List.of()),
            "object",
            Json.object());
    assertThat(Json.write(document))
        .isEqualTo(
            "{\"text\":\"a\\\"b\\\\c\\nd\\te\\u0001\\u2028é\",\"number\":1099511627776,"
                + "\"small\":-1,\"yes\":true,\"none\":null,"
                + "\"time\":\"1970-01-01T00:00:00.000000005Z\","
                + "\"list\":[1,\"x\",[]],\"object\":{}}");
  }

  @Test
  void writesCharactersOutsideTheFirstPlaneAsPairs() {
    assertThat(Json.write("\uD83D\uDE00")).isEqualTo("\"\\ud83d\\ude00\"");
  }
}
