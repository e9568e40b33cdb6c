package io.hamlet.manager.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.model.Name;
import io.hamlet.core.recovery.HamState;
import io.hamlet.manager.log.LogSource;
import io.hamlet.manager.log.Mark;
import io.hamlet.manager.port.Ack;
import io.hamlet.manager.port.Member;
import io.hamlet.manager.port.Replicas;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A writer and its replicas on one thread: production feeder, pullers and files, over links, disks
 * and a clock that obey the test. The same seed is the same run.
 */
final class Lab {
  static final String W = "w";
  private static final long MILLI = 1_000_000;

  final TestWriter writer = new TestWriter(W);
  final TestNet net = new TestNet();
  Copies copies;
  final Map<String, Kept> replicas = new TreeMap<>();
  final Random random;

  private final Path directory;
  private Feeder feeder;
  private Member writerNow;
  private long clock = 1;
  private long pid = 100;

  /** One voter with its replica. */
  final class Kept {
    final String node;
    final ArrayDeque<Runnable> own = new ArrayDeque<>();
    final ArrayDeque<Runnable> disk = new ArrayDeque<>();
    Pullers pullers;
    int life;

    Kept(String node) {
      this.node = node;
    }

    void start() throws IOException {
      int now = ++life;
      Member member = new Member(node, Member.Role.HAM, ++pid, 1, "");
      Pullers.Disk threads =
          new Pullers.Disk() {
            @Override
            public void execute(Runnable work) {
              if (life == now) {
                disk.add(work);
              }
            }

            @Override
            public void later(Runnable work, Duration after) {
              execute(work);
            }
          };
      pullers =
          new Pullers(
              node,
              directory.resolve(node),
              net.bus(member),
              () -> List.of(W, "a", "b"),
              threads,
              work -> {
                if (life == now) {
                  own.add(work);
                }
              },
              () -> clock,
              random::nextLong);
      net.join(member, (from, bytes) -> receive(from, bytes));
      pullers.open();
      pullers.viewChanged(net.view());
      view();
    }

    private void receive(Member from, byte[] bytes) {
      try {
        pullers.received(from, Messages.parse(bytes));
      } catch (Messages.Garbage e) {
        // As Replication does.
      }
    }

    /** All its processes are gone; what its disk was told is there. */
    void crash() {
      life++;
      own.clear();
      disk.clear();
      net.leave(node);
      pullers = null;
    }

    Replicas.Tree tree() {
      return pullers == null ? null : pullers.of(W);
    }

    Path files() {
      return directory.resolve(node).resolve(W);
    }

    /** The newest entry that its disk has. */
    Mark onDisk() throws IOException {
      if (!Files.isDirectory(files())) {
        return Mark.ZERO;
      }
      LogSource lying = LogSource.lying(files());
      return lying.snapshot() == null ? Mark.ZERO : lying.beginnings().getLast();
    }
  }

  Lab(Path directory, long seed) throws IOException {
    this.directory = directory;
    this.random = new Random(seed);
    restartWriter();
    for (String node : List.of("a", "b")) {
      Kept kept = new Kept(node);
      replicas.put(node, kept);
      kept.start();
    }
  }

  /** Another process of the writer's node acts, over the log as it is. */
  void restartWriter() {
    net.leave(W);
    copies = new Copies(W, writer, () -> List.of(W, "a", "b"));
    writerNow = new Member(W, Member.Role.HAM, ++pid, 1, "");
    feeder =
        new Feeder(
            W,
            net.bus(writerNow),
            tree -> tree.equals(W) ? writer : null,
            copies,
            new OfferDesk(net.bus(writerNow), writer),
            writer.state(),
            Runnable::run);
    net.join(writerNow, this::atWriter);
    view();
  }

  private void atWriter(Member from, byte[] bytes) {
    try {
      feeder.received(from, Messages.parse(bytes));
    } catch (Messages.Garbage e) {
      // As Replication does.
    }
  }

  /** All that are there learn who is there. */
  void view() {
    if (feeder != null) {
      feeder.viewChanged(net.view());
    }
    for (Kept kept : replicas.values()) {
      if (kept.pullers != null) {
        kept.pullers.viewChanged(net.view());
      }
    }
  }

  Name create() {
    Name name = writer.create();
    feeder.appended(writer.state());
    return name;
  }

  /** Power cut at the writer: the newest entries are gone. */
  void loseTail(int entries) {
    writer.loseTail(entries);
    feeder.appended(writer.state());
    restartWriter();
  }

  void advance(long millis) {
    clock += millis * MILLI;
    feeder.due(clock);
    for (Kept kept : replicas.values()) {
      if (kept.pullers != null) {
        kept.pullers.due(clock);
      }
    }
  }

  /** One thing that can happen in peace happens; false when there is none. */
  boolean step() {
    feeder.feed();
    List<Runnable> possible = new ArrayList<>();
    for (Kept kept : replicas.values()) {
      if (!kept.disk.isEmpty()) {
        possible.add(() -> kept.disk.poll().run());
      }
      if (!kept.own.isEmpty()) {
        possible.add(() -> kept.own.poll().run());
      }
    }
    for (String link : net.busy()) {
      possible.add(() -> net.deliver(link, bytes -> bytes));
    }
    if (possible.isEmpty()) {
      return false;
    }
    possible.get(random.nextInt(possible.size())).run();
    return true;
  }

  /** Lets all that is under way come to its end. */
  void settle() {
    // Longer than any pause after a fault.
    for (int second = 0; second < 12; second++) {
      for (int steps = 0; step(); steps++) {
        if (steps > 100_000) {
          throw new AssertionError("never comes to rest");
        }
      }
      advance(1_000);
    }
  }

  /** What must be true at any moment. */
  void check() throws IOException {
    for (Kept kept : replicas.values()) {
      Replicas.Tree tree = kept.tree();
      if (tree != null) {
        HamState original = writer.everything.get(tree.state().last());
        boolean first = tree.state().last().index() == 0;
        assertThat(first || tree.state().equals(original))
            .as("%s is at %s what the writer was", kept.node, tree.state().last())
            .isTrue();
      }
    }
    long acknowledged = copies.reached(Ack.REPLICA);
    boolean kept = acknowledged == 0;
    for (Kept each : replicas.values()) {
      kept |= each.onDisk().index() >= acknowledged;
    }
    assertThat(kept).as("entry %d is on another disk", acknowledged).isTrue();
  }

  /** All replicas are what the writer is, on their disks too. */
  void checkAgreement() throws IOException {
    for (Kept kept : replicas.values()) {
      assertThat(kept.tree()).as(kept.node).isNotNull();
      assertThat(kept.tree().state()).as(kept.node).isEqualTo(writer.state());
      assertThat(kept.onDisk()).as(kept.node).isEqualTo(writer.mark());
    }
    assertThat(copies.reached(Ack.REPLICA)).isEqualTo(writer.mark().index());
    assertThat(copies.reached(Ack.MAJORITY)).isEqualTo(writer.mark().index());
  }

  /** Writes garbage behind the newest segment, as a torn write leaves it. */
  static void tear(Path files, byte[] garbage) {
    try (var all = Files.list(files)) {
      Path newest =
          all.filter(f -> f.getFileName().toString().startsWith("segment-"))
              .max(Path::compareTo)
              .orElse(null);
      if (newest != null) {
        Files.write(newest, garbage, java.nio.file.StandardOpenOption.APPEND);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
