package io.hamlet.it.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hamlet.client.Command;
import io.hamlet.client.Ham;
import io.hamlet.client.HealthCheck.Health;
import io.hamlet.client.RecoveryPolicy;
import io.hamlet.client.Sam;
import io.hamlet.client.SamContract;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The library asks a program whether it is well (sam.md 2.4), of a manager that ends nobody. */
class SamHealthTest {
  private final AtomicInteger asked = new AtomicInteger();
  private Bench bench;
  private Ham ham;
  private Sam sam;

  @BeforeEach
  void launch() throws Exception {
    bench = new Bench();
    ham = bench.connect();
    SamContract contract = SamContract.of(Duration.ofMillis(40), RecoveryPolicy.RESTART);
    sam = Sam.launch(ham, "app", contract, Command.of("/bin/app"), new byte[0]);
  }

  @AfterEach
  void end() throws Exception {
    sam.close();
    ham.close();
    bench.close();
  }

  private static boolean isAsking() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(t -> t.getName().equals("sam-health"));
  }

  private Health answer(Health health) {
    asked.incrementAndGet();
    return health;
  }

  /** And may call on its own behalf meanwhile. */
  @Test
  void whoIsWellIsAskedAgainAndAgain() throws Exception {
    sam.healthCheck(
        () -> {
          sam.storeData(new byte[asked.get() + 1]);
          return answer(asked.get() % 2 == 0 ? Health.OK : Health.UNKNOWN);
        });
    assertThat(isAsking()).as("before it is started").isFalse();
    sam.start();
    await().until(() -> asked.get() >= 4);
    assertThat(sam.dataSize()).isGreaterThanOrEqualTo(3);
    sam.stop();
    await().until(() -> !isAsking());
    sam.start();
    int before = asked.get();
    await().until(() -> asked.get() > before + 1);
  }

  /** Neither a stop nor a start makes this instance well again. */
  @Test
  void whoWasUnwellOnceIsAskedNoMore() throws Exception {
    sam.healthCheck(() -> answer(Health.FAILED));
    sam.start();
    await().until(() -> asked.get() == 1 && !isAsking());
    assertThat(sam.look().state()).as("only its silence counts").isEqualTo("started");
    sam.stop();
    sam.start();
    assertThat(isAsking()).isFalse();
    assertThat(asked).hasValue(1);
  }

  @Test
  void aCheckThatThrowsHasFoundItUnwell() throws Exception {
    sam.healthCheck(
        () -> {
          asked.incrementAndGet();
          throw new IllegalStateException("broken");
        });
    sam.start();
    await().until(() -> asked.get() == 1 && !isAsking());
  }

  @Test
  void whoWantsToBeWarnedIsWarnedAtOnce() throws Exception {
    sam.healthCheck(() -> answer(Health.FAILED_NOW));
    sam.start();
    await().until(() -> sam.look().state().equals("warned"));
    assertThat(asked).hasValue(1);
  }

  /** NULL: back to messages of its own. */
  @Test
  void withoutACheckNobodyAsks() throws Exception {
    sam.healthCheck(() -> answer(Health.OK));
    sam.healthCheck(null);
    sam.start();
    assertThat(isAsking()).isFalse();
    sam.heartbeat();
  }
}
