package io.hamlet.manager.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.recovery.Entry;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.core.recovery.HamState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What each release wrote is read by this one, and means the same (proto/README.md). */
class GoldenBytesTest {
  private static final Path GOLDEN = Path.of("../proto/src/test/resources/golden");
  private static final HexFormat HEX = HexFormat.of();

  @TestFactory
  Stream<DynamicTest> entriesOfEveryReleaseAreRead() throws IOException {
    return releases()
        .map(
            release ->
                DynamicTest.dynamicTest(
                    release.getFileName().toString(),
                    () -> {
                      List<String> meaning = Files.readAllLines(release.resolve("entries.txt"));
                      List<String> lines = Files.readAllLines(release.resolve("entries.hex"));
                      for (int i = 0; i < lines.size(); i++) {
                        Entry entry = EntryCodec.decode(HEX.parseHex(lines.get(i)));
                        assertThat(show(entry)).isEqualTo(meaning.get(i));
                        assertThat(HEX.formatHex(EntryCodec.encode(entry))).isEqualTo(lines.get(i));
                      }
                    }));
  }

  @TestFactory
  Stream<DynamicTest> statesOfEveryReleaseAreRead() throws IOException {
    return releases()
        .map(
            release ->
                DynamicTest.dynamicTest(
                    release.getFileName().toString(),
                    () -> {
                      List<String> meaning = Files.readAllLines(release.resolve("states.txt"));
                      List<String> lines = Files.readAllLines(release.resolve("states.hex"));
                      for (int i = 0; i < lines.size(); i++) {
                        HamState state = StateCodec.decode(HEX.parseHex(lines.get(i)));
                        assertThat(show(state)).isEqualTo(meaning.get(i));
                        assertThat(HEX.formatHex(StateCodec.encode(state))).isEqualTo(lines.get(i));
                      }
                    }));
  }

  @Test
  void theFirstReleaseIsThere() {
    assertThat(GOLDEN.resolve("0.1.0/entries.hex")).isNotEmptyFile();
    assertThat(GOLDEN.resolve("0.1.0/states.hex")).isNotEmptyFile();
  }

  /** Writes the golden bytes of a release: the argument is its directory, which must not exist. */
  public static void main(String[] args) throws IOException {
    Path release = Files.createDirectory(Path.of(args[0]));
    List<Entry> entries = entriesOfEveryKind();
    List<HamState> states = new ArrayList<>();
    for (long seed = 1; seed <= 8; seed++) {
      states.add(new RandomTree(seed).state());
    }
    Files.write(
        release.resolve("entries.hex"),
        entries.stream().map(e -> HEX.formatHex(EntryCodec.encode(e))).toList());
    Files.write(release.resolve("entries.txt"), entries.stream().map(e -> show(e)).toList());
    Files.write(
        release.resolve("states.hex"),
        states.stream().map(s -> HEX.formatHex(StateCodec.encode(s))).toList());
    Files.write(release.resolve("states.txt"), states.stream().map(s -> show(s)).toList());
  }

  private static List<Entry> entriesOfEveryKind() {
    Set<Class<?>> seen = new HashSet<>();
    List<Entry> entries = new ArrayList<>();
    for (long seed = 1; seed <= 10_000; seed++) {
      Entry entry = new RandomEvents(seed).entry();
      boolean isNew = seen.add(entry.event().getClass());
      if (entry.event() instanceof HamEvent.Requested requested) {
        isNew |= seen.add(requested.command().getClass());
      }
      if (isNew) {
        entries.add(entry);
      }
    }
    return entries;
  }

  /** As records show themselves, on one line of plain text. */
  private static String show(Object value) {
    return value.toString().replace("\u0000", "<NUL>");
  }

  private static Stream<Path> releases() throws IOException {
    try (Stream<Path> found = Files.list(GOLDEN)) {
      return found.sorted().toList().stream();
    }
  }
}
