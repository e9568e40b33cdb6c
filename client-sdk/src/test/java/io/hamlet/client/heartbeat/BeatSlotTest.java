package io.hamlet.client.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BeatSlotTest {
  @TempDir Path directory;
  private Path table;

  @BeforeEach
  void aTableOfEightWords() throws IOException {
    table = Files.write(directory.resolve("beats"), new byte[64]);
  }

  @Test
  void eachBeatChangesItsOwnWordAndNoOther() throws IOException {
    try (BeatSlot slot = map(8, 5)) {
      assertThat(word(1)).as("mapping is no beat").isZero();
      slot.beat();
      assertThat(word(1)).isEqualTo(5L << 32 | 1);
      slot.beat();
      assertThat(word(1)).isEqualTo(5L << 32 | 2);
    }
    assertThat(word(0)).isZero();
    assertThat(word(2)).isZero();
  }

  /** A process that attaches again has the slot that it had: a word it stored would be no beat. */
  @Test
  void mappedAgainItCountsOn() throws IOException {
    try (BeatSlot first = map(8, 5)) {
      first.beat();
    }
    try (BeatSlot again = map(8, 5)) {
      again.beat();
      assertThat(word(1)).isEqualTo(5L << 32 | 2);
    }
    try (BeatSlot next = map(8, 6)) {
      next.beat();
      assertThat(word(1)).isEqualTo(6L << 32 | 1);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "64,1",
    "60,1",
    "4,1",
    "-8,1",
    "9223372036854775800,1",
    "0,0",
    "0,-1",
    "0,2147483648"
  })
  void whatCannotBeAWordIsNotMapped(long offset, long generation) throws IOException {
    assertThat(BeatSlot.map(table.toString(), offset, generation)).isEmpty();
    assertThat(Files.size(table)).isEqualTo(64);
  }

  @Test
  void whereThereIsNoTableTheStreamIsToBeUsed() throws IOException {
    assertThat(BeatSlot.map("", 0, 1)).isEmpty();
    assertThat(BeatSlot.map(directory.resolve("absent").toString(), 0, 1)).isEmpty();
    assertThat(BeatSlot.map(directory.toString(), 0, 1)).isEmpty();
    assertThat(BeatSlot.map("a\0b", 0, 1)).isEmpty();
    Path link = Files.createSymbolicLink(directory.resolve("link"), table);
    assertThat(BeatSlot.map(link.toString(), 0, 1)).isEmpty();
  }

  @Test
  void beatsAfterTheEndDoNothing() throws IOException {
    BeatSlot slot = map(0, 1);
    slot.beat();
    slot.close();
    slot.close();
    slot.beat();
    assertThat(word(0)).isEqualTo(1L << 32 | 1);
  }

  @Test
  void closingWhileOthersBeatHarmsNobody() throws Exception {
    try (ExecutorService pool = Executors.newFixedThreadPool(2)) {
      for (int round = 0; round < 50; round++) {
        BeatSlot slot = map(0, 1);
        AtomicBoolean stop = new AtomicBoolean();
        AtomicLong beats = new AtomicLong();
        List<Future<?>> beating = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
          beating.add(
              pool.submit(
                  () -> {
                    while (!stop.get()) {
                      slot.beat();
                      beats.incrementAndGet();
                    }
                  }));
        }
        awaitMoreThan(beats, 1_000);
        slot.close();
        awaitMoreThan(beats, beats.get() + 1_000);
        stop.set(true);
        for (Future<?> each : beating) {
          each.get();
        }
      }
    }
  }

  @Test
  void noBeatOfManyThreadsIsLost() throws Exception {
    try (BeatSlot slot = map(0, 1);
        ExecutorService pool = Executors.newFixedThreadPool(4)) {
      List<Future<?>> beating = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        beating.add(
            pool.submit(
                () -> {
                  for (int k = 0; k < 10_000; k++) {
                    slot.beat();
                  }
                }));
      }
      for (Future<?> each : beating) {
        each.get();
      }
      slot.beat();
      assertThat(word(0)).isEqualTo(1L << 32 | 40_001);
    }
  }

  private static void awaitMoreThan(AtomicLong beats, long n) {
    await()
        .pollInterval(Duration.ofMillis(1))
        .atMost(Duration.ofSeconds(60))
        .until(() -> beats.get() > n);
  }

  private BeatSlot map(long offset, long generation) {
    return BeatSlot.map(table.toString(), offset, generation).orElseThrow();
  }

  private long word(int number) throws IOException {
    byte[] bytes = Files.readAllBytes(table);
    return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getLong(number * 8);
  }
}
