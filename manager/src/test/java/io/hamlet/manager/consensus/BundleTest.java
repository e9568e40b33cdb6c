package io.hamlet.manager.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** What several commands are as one entry of the log. */
class BundleTest {
  @Property
  void whatWasPutTogetherComesApartAgain(@ForAll @Size(min = 1, max = 64) List<byte[]> commands)
      throws IOException {
    assertThat(Bundle.decode(Bundle.encode(commands)))
        .usingElementComparator(Arrays::compare)
        .containsExactlyElementsOf(commands);
  }

  /** As logs had it that are older than bundles. */
  @Test
  void oneAloneIsItself() throws IOException {
    byte[] command = {10, 0, 3};
    assertThat(Bundle.encode(List.of(command))).isEqualTo(command);
    assertThat(Bundle.decode(command)).containsExactly(command);
  }

  /** What stands in logs of today; another form needs another title in VoterStorage. */
  @Test
  void severalStandAsTheyStoodBefore() {
    byte[] entry = Bundle.encode(List.of(new byte[] {10, 2}, new byte[] {}, new byte[] {7}));
    assertThat(entry).containsExactly(0, 0, 0, 0, 2, 10, 2, 0, 0, 0, 0, 0, 0, 0, 1, 7);
    assertThat(Bundle.place(3, 5)).isEqualTo(197);
  }

  @Test
  void oneThatLooksLikeSeveralIsStillOne() throws IOException {
    for (byte[] command : List.of(new byte[] {}, new byte[] {0}, new byte[] {0, 0, 0, 0, 1, 7})) {
      assertThat(Bundle.decode(Bundle.encode(List.of(command)))).containsExactly(command);
    }
  }

  @Property
  void nothingElseIsTakenForThem(@ForAll byte[] bytes) {
    byte[] entry = bytes.clone();
    if (entry.length > 0) {
      entry[0] = 0;
    }
    try {
      assertThat(Bundle.encode(Bundle.decode(entry))).isEqualTo(entry);
    } catch (IOException e) {
      assertThat(e).hasMessageMatching("it ends in the middle.*|\\d+ commands.*");
    }
  }

  @Test
  void tooManyOrNoneAreRefused() {
    byte[] most = Bundle.encode(List.of(new byte[0], new byte[0]));
    byte[] more = Arrays.copyOf(most, 1 + 4 * (Bundle.MOST + 1));
    assertThatThrownBy(() -> Bundle.decode(more)).hasMessageContaining("65 commands");
    assertThatThrownBy(() -> Bundle.decode(new byte[1])).hasMessageContaining("0 commands");
    assertThatThrownBy(() -> Bundle.decode(new byte[0])).hasMessageContaining("0 commands");
  }

  @Test
  void theirPlacesRise() {
    assertThat(
            IntStream.range(0, 3 * Bundle.MOST)
                .mapToLong(i -> Bundle.place(7 + i / Bundle.MOST, i % Bundle.MOST)))
        .isSorted()
        .doesNotHaveDuplicates();
  }
}
