package io.hamlet.manager.replica;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything goes wrong that can, in an order that a seed gives; then there is peace. */
class ReplicaStormTest {
  private static final int STEPS = 1_500;

  @TempDir Path directory;

  static List<Long> seeds() {
    int count = Integer.getInteger("hamlet.replica.seeds", 6);
    long first = Long.getLong("hamlet.replica.seed", 1);
    return java.util.stream.LongStream.range(first, first + count).boxed().toList();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aReplicaIsWhatTheWriterWasAndWhatWasAcknowledgedIsKept(long seed) throws IOException {
    Lab lab = new Lab(directory, seed);
    Random fate = new Random(~seed);
    for (int i = 0; i < STEPS; i++) {
      misfortune(lab, fate);
      lab.step();
      lab.check();
    }
    for (Lab.Kept kept : lab.replicas.values()) {
      if (kept.pullers == null) {
        kept.start();
      }
    }
    lab.settle();
    lab.check();
    lab.checkAgreement();
  }

  private void misfortune(Lab lab, Random fate) throws IOException {
    Lab.Kept one = lab.replicas.get(fate.nextBoolean() ? "a" : "b");
    List<String> busy = lab.net.busy();
    String link = busy.isEmpty() ? null : busy.get(fate.nextInt(busy.size()));
    switch (fate.nextInt(100)) {
      case 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14 -> lab.create();
      case 20, 21, 22 -> {
        if (link != null) {
          lab.net.lose(link);
        }
      }
      case 23, 24, 25 -> {
        if (link != null) {
          lab.net.deliverTwice(link);
        }
      }
      case 26, 27, 28 -> {
        // What a replica says of itself nobody can check; what it is told it can.
        if (link != null && link.startsWith(Lab.W)) {
          lab.net.deliver(link, bytes -> spoilt(bytes, fate));
        }
      }
      case 30 -> {
        if (one.pullers != null) {
          one.crash();
          lab.view();
          if (fate.nextBoolean() && Files.isDirectory(one.files())) {
            byte[] garbage = new byte[1 + fate.nextInt(60)];
            fate.nextBytes(garbage);
            Lab.tear(one.files(), garbage);
          }
        }
      }
      case 31, 32 -> {
        if (one.pullers == null) {
          one.start();
        }
      }
      case 33 -> {
        lab.writer.takeOver();
        lab.restartWriter();
      }
      case 34 -> lab.loseTail(fate.nextInt(12));
      case 35 -> lab.writer.compact();
      case 36, 37, 38, 39, 40 -> lab.advance(fate.nextInt(2_000));
      default -> {}
    }
  }

  private static byte[] spoilt(byte[] bytes, Random fate) {
    byte[] other =
        java.util.Arrays.copyOf(
            bytes, fate.nextInt(3) == 0 ? fate.nextInt(bytes.length + 1) : bytes.length);
    if (other.length > 0) {
      other[fate.nextInt(other.length)] ^= (byte) (1 << fate.nextInt(8));
    }
    return other;
  }
}
