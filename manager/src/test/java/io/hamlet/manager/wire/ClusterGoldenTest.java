package io.hamlet.manager.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.cluster.ClusterEntry;
import io.hamlet.core.cluster.ClusterEvent;
import io.hamlet.core.cluster.ClusterMachine;
import io.hamlet.core.cluster.ClusterState;
import io.hamlet.core.model.Limits;
import io.hamlet.core.model.Moment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** A recorded log of the consensus is read, and leads to the state that it led to. */
class ClusterGoldenTest {
  private static final Path GOLDEN = Path.of("../proto/src/test/resources/golden/0.1.0");
  private static final HexFormat HEX = HexFormat.of();

  /** One entry after the other, each of one command. */
  private static final int PLACES = 64;

  private static final String ADVICE =
      "a voter's log of before would mean something else now. If that is wanted, raise what keeps"
          + " old and new apart: the titles in VoterStorage and PapersFile, the group in Peers, and"
          + " Hello.VERSION (DECISIONS 129); then record anew with main";

  @Test
  void theLogLeadsWhereItLed() throws IOException {
    List<String> log = Files.readAllLines(GOLDEN.resolve("cluster-log.hex"));
    assertThat(HEX.formatHex(ClusterStateCodec.encode(read(log))))
        .as(ADVICE)
        .isEqualTo(Files.readString(GOLDEN.resolve("cluster-state.hex")).strip());
  }

  @Test
  void theSnapshotIsReadAndMeansTheSame() throws IOException {
    String snapshot = Files.readString(GOLDEN.resolve("cluster-state.hex")).strip();
    ClusterState state = ClusterStateCodec.decode(HEX.parseHex(snapshot));
    assertThat(show(state))
        .as(ADVICE)
        .isEqualTo(Files.readString(GOLDEN.resolve("cluster-state.txt")).strip());
    assertThat(HEX.formatHex(ClusterStateCodec.encode(state))).as(ADVICE).isEqualTo(snapshot);
  }

  @Test
  void commandsAreReadAndWrittenAgain() throws IOException {
    List<String> meaning = Files.readAllLines(GOLDEN.resolve("cluster-log.txt"));
    List<String> log = Files.readAllLines(GOLDEN.resolve("cluster-log.hex"));
    for (int i = 0; i < log.size(); i++) {
      ClusterCodec.Command command = ClusterCodec.decode(HEX.parseHex(log.get(i)));
      assertThat(show(command)).as(ADVICE).isEqualTo(meaning.get(i));
      assertThat(HEX.formatHex(ClusterCodec.encode(command))).as(ADVICE).isEqualTo(log.get(i));
    }
  }

  @Test
  void everyKindOfCommandIsRecorded() throws IOException {
    Set<String> recorded = new TreeSet<>();
    for (String line : Files.readAllLines(GOLDEN.resolve("cluster-log.hex"))) {
      recorded.add(ClusterCodec.decode(HEX.parseHex(line)).event().getClass().getSimpleName());
    }
    assertThat(recorded).as("record anew with main").isEqualTo(kinds(ClusterEvent.class));
  }

  private static Set<String> kinds(Class<?> of) {
    Set<String> kinds = new TreeSet<>();
    if (of.isRecord()) {
      kinds.add(of.getSimpleName());
    } else {
      Arrays.stream(of.getPermittedSubclasses()).forEach(kind -> kinds.addAll(kinds(kind)));
    }
    return kinds;
  }

  private static ClusterState read(List<String> log) {
    ClusterState state = ClusterState.empty(Limits.DEFAULT);
    for (int i = 0; i < log.size(); i++) {
      ClusterCodec.Command command = ClusterCodec.decode(HEX.parseHex(log.get(i)));
      ClusterEntry entry = new ClusterEntry((i + 1L) * PLACES, command.at(), command.event());
      state = ClusterMachine.apply(state, entry).state();
    }
    return state;
  }

  /** Writes them: the argument is the directory of the release. */
  public static void main(String[] args) throws IOException {
    Path release = Path.of(args[0]);
    List<ClusterCodec.Command> commands = new ArrayList<>();
    for (ClusterEvent event : new RecordedLog().events()) {
      long now = 1_000_000_000L * (commands.size() + 1);
      commands.add(new ClusterCodec.Command(new Moment(now, now), event));
    }
    List<String> log = commands.stream().map(c -> HEX.formatHex(ClusterCodec.encode(c))).toList();
    Files.write(release.resolve("cluster-log.hex"), log);
    Files.write(release.resolve("cluster-log.txt"), commands.stream().map(c -> show(c)).toList());
    ClusterState state = read(log);
    String bytes = HEX.formatHex(ClusterStateCodec.encode(state));
    Files.write(release.resolve("cluster-state.hex"), List.of(bytes));
    Files.write(release.resolve("cluster-state.txt"), List.of(show(state)));
  }

  /** As records show themselves, on one line of plain text. */
  private static String show(Object value) {
    return value.toString().replace("\u0000", "<NUL>");
  }
}
