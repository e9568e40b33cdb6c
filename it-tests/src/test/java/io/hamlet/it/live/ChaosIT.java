package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.client.Command;
import io.hamlet.client.Condition;
import io.hamlet.client.ConditionSpec;
import io.hamlet.client.Deed;
import io.hamlet.client.Entity;
import io.hamlet.client.Event;
import io.hamlet.client.EventStream;
import io.hamlet.client.Flag;
import io.hamlet.client.Ham;
import io.hamlet.client.HamException;
import io.hamlet.client.Rearm;
import io.hamlet.client.TreeObject;
import io.hamlet.client.WatchSpec;
import io.hamlet.client.Watched;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/**
 * The whole program is killed at random moments while entities die and a client registers. More
 * rounds: {@code -Dhamlet.chaos.rounds=1000}; the same again: {@code -Dhamlet.chaos.seed=N}.
 */
class ChaosIT extends LiveTest {
  private static final int ROUNDS = Integer.getInteger("hamlet.chaos.rounds", 100);
  private static final long SEED = Long.getLong("hamlet.chaos.seed", System.nanoTime());
  private static final int MOST_ENTITIES = 40;

  private final Ledger ledger = new Ledger();
  private final long mark = ProcessHandle.current().pid();
  private final List<Long> others = orphanedGates();
  private volatile boolean over;

  @Test
  void nothingAcknowledgedIsLostAndNothingIsDoubledOrRestartedWithoutCause() throws Exception {
    System.err.println("chaos: seed " + SEED + ", " + ROUNDS + " rounds");
    Random random = new Random(SEED);
    FutureTask<Void> client = begin("chaos-client", () -> register(new Random(SEED + 1)));
    FutureTask<Void> killer = begin("chaos-killer", () -> killEntities(new Random(SEED + 2)));
    for (int round = 0; round < ROUNDS; round++) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(300)));
      node.killEverything();
      assertNothingIsDoubled("round " + round);
      node.begin();
      if (random.nextInt(4) != 0) {
        node.awaitAnswer();
      }
    }
    over = true;
    node.awaitAnswer();
    client.get(60, TimeUnit.SECONDS);
    killer.get(60, TimeUnit.SECONDS);
    System.err.println("chaos: " + ledger + "; " + ledger.kills() + " processes killed");
    assertThat(ledger.recoverable()).isNotEmpty();
    assertThat(ledger.kills()).isGreaterThan(ROUNDS / 2);
    check();
  }

  private void check() throws InterruptedException {
    for (String entity : ledger.recoverable()) {
      Until.isTrue(entity + " is up again", () -> Proc.running(words(entity)).equals(pids(entity)));
    }
    Map<String, TreeObject> tree = new HashMap<>();
    node.ham().read("", -1).objects().forEach(o -> tree.put(o.path(), o));
    assertThat(tree.keySet()).as("acknowledged").containsAll(ledger.there());
    assertThat(ledger.gone()).as("removed").noneMatch(tree::containsKey);
    for (String entity : ledger.recoverable()) {
      long restarts = tree.get(entity).restarts();
      String story = restarts == ledger.kills(entity) ? "" : story(entity);
      assertThat(restarts)
          .as("restarts of %s, killed %s%s", entity, ledger.killed(entity), story)
          .isEqualTo(ledger.kills(entity));
    }
    assertNothingIsDoubled("the end");
    Until.isTrue("gates of dead managers are gone", () -> others.containsAll(orphanedGates()));
  }

  /** All deaths and starts of an entity that the node remembers, and its takeovers between them. */
  private String story(String entity) throws InterruptedException {
    StringBuilder story = new StringBuilder();
    try (EventStream events = node.ham().watch(WatchSpec.ALL.from("0").noFollow())) {
      for (Watched w = events.next(); w != null; w = events.next()) {
        if (w instanceof Event e && (e.path().isEmpty() || e.path().equals(entity))) {
          List<String> words = List.of(e.path(), e.event(), e.reason(), e.detail());
          story.append("\n").append(e.time()).append(" ").append(String.join(" ", words));
        }
      }
    }
    node.ham().why(entity).events().forEach(e -> story.append("\nwhy: ").append(e));
    return story.toString();
  }

  private List<Long> pids(String entity) throws InterruptedException {
    return List.of(node.pid(entity));
  }

  private void assertNothingIsDoubled(String when) {
    Map<String, Integer> count = new HashMap<>();
    String ours = "/bin/sleep 86400 0." + mark;
    Proc.all()
        .filter(Proc::isAlive)
        .map(Proc::commandLine)
        .filter(c -> c.startsWith(ours))
        .forEach(c -> count.merge(c, 1, Integer::sum));
    assertThat(count).as(when).allSatisfy((command, n) -> assertThat(n).isEqualTo(1));
  }

  private static List<Long> orphanedGates() {
    return Proc.all().filter(p -> Proc.isAlive(p) && isOrphanedGate(p)).toList();
  }

  /** A waiting gate has no environment, and is the child of a JVM: of its manager, or of a test. */
  private static boolean isOrphanedGate(long pid) {
    try {
      return Proc.commandLine(pid).equals("sh")
          && Files.readAllBytes(Path.of("/proc/" + pid + "/environ")).length == 0
          && !Proc.commandLine(Proc.parent(pid)).contains("java");
    } catch (IOException gone) {
      return false;
    }
  }

  private String words(String entity) {
    return "/bin/sleep 86400 0." + mark + entity.substring(1);
  }

  // --- the client
  // ---------------------------------------------------------------------------------

  private Void register(Random random) throws Exception {
    try (Ham ham = Ham.connect(node.address())) {
      Ham patient = ham.withTimeout(Duration.ofSeconds(60));
      List<String> entities = new ArrayList<>();
      for (int n = 0; !over; n++) {
        if (entities.size() < MOST_ENTITIES && n % 4 == 0) {
          String entity = "e%04d".formatted(n);
          if (addEntity(patient, entity)) {
            entities.add(entity);
          }
        } else if (!entities.isEmpty()) {
          String entity = entities.get(random.nextInt(entities.size()));
          addOrRemove(patient.named(entity), "c" + random.nextInt(10));
        }
      }
    }
    return null;
  }

  private boolean addEntity(Ham ham, String name) throws Exception {
    Command command = Command.of(words(name).split(" "));
    ConditionSpec spec = ConditionSpec.death().rearm(Rearm.ON);
    Entity entity = ham.named(name);
    boolean all =
        make(name, () -> ham.attach(name, command, Flag.OfEntity.KEEP_ON_DEATH))
            && make(name + "/dead", () -> entity.condition("dead", spec))
            && make(
                name + "/dead/again",
                () -> entity.named("dead").action("again", Deed.restart(), Rearm.ON));
    if (all) {
      ledger.recoverable(name);
    }
    return all;
  }

  private void addOrRemove(Entity entity, String name) throws Exception {
    String path = entity.path() + "/" + name;
    Condition condition = entity.named(name);
    if (ledger.there().contains(path)) {
      String action = path + "/log";
      if (!ledger.there().contains(action)) {
        make(action, () -> condition.action("log", Deed.log("x"), Rearm.ON));
      } else if (answered(path, condition::remove)) {
        ledger.removed(path);
        ledger.removed(action);
      }
    } else {
      make(path, () -> entity.condition(name, ConditionSpec.death().rearm(Rearm.ON)));
    }
  }

  private boolean make(String path, Callable<?> call) throws Exception {
    boolean answered = answered(path, call);
    if (answered) {
      ledger.made(path);
    }
    return answered;
  }

  private boolean answered(String path, Callable<?> call) throws Exception {
    try {
      call.call();
      return true;
    } catch (HamException.OutcomeUnknown | HamException.Unavailable e) {
      System.err.println("chaos: " + path + ": " + e.getMessage());
      ledger.unknown(path);
      return false;
    }
  }

  // --- the killer
  // ---------------------------------------------------------------------------------

  private Void killEntities(Random random) {
    while (!over) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(100)));
      String entity = ledger.any(random);
      if (entity == null) {
        continue;
      }
      for (long pid : Proc.running(words(entity))) {
        long startTime = Proc.startTime(pid);
        if (startTime == -1) {
          // It has gone meanwhile, and not by our hand.
          continue;
        }
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        ledger.killed(entity, pid, startTime);
      }
    }
    return null;
  }

  private static FutureTask<Void> begin(String name, Callable<Void> work) {
    FutureTask<Void> task = new FutureTask<>(work);
    Thread.ofPlatform().daemon().name(name).start(task);
    return task;
  }
}
