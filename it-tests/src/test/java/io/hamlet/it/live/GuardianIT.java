package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.client.Ham;
import io.hamlet.client.TreeObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Either of the pair is killed or stopped, and nobody outside can tell but by the pids. More
 * rounds: {@code -Dhamlet.guardian.rounds=100}.
 */
class GuardianIT extends LiveTest {
  private static final int ROUNDS = Integer.getInteger("hamlet.guardian.rounds", 20);
  private static final int ENTITIES = 50;
  private static final int PAUSES = 4;

  /** architecture.md 3: nobody is judged to hang before that. */
  private static final Duration HANG_LIMIT = Duration.ofMillis(500);

  private static final String BUSY = "/bin/sleep 1001." + ProcessHandle.current().pid();

  private volatile boolean over;

  @BeforeEach
  void awaitGuard() {
    node.awaitGuard();
  }

  @Test
  void aKilledHamIsFollowedByItsGuardianWithExactlyTheSameState() throws Exception {
    long pid = watched("untouched", "/bin/sleep", "1000").pid();
    long ham = node.hamPid();
    long guardian = node.awaitGuard();
    String digest = node.ham().statusWithDigest().digest();

    Proc.signal("KILL", ham);

    Until.isTrue("the Guardian acts", () -> node.hamPid() == guardian);
    assertThat(node.ham().statusWithDigest().digest()).isEqualTo(digest);
    assertThat(node.ham().status().ham().failures()).isEqualTo(1);
    assertThat(node.pid("untouched")).isEqualTo(pid);
    assertThat(node.awaitGuard()).isNotEqualTo(guardian);
    Proc.signal("KILL", pid);
    assertThat(successor("untouched", pid)).isNotZero();
    assertThat(node.object("untouched").lastExit()).isIn("signal 9", "unknown");
  }

  /** The kernel takes its time to end a watch on files, and a process is not dead before. */
  @Test
  void aGuardianHoldsTheFileWatchOfItsHamUntilThatIsDead() throws Exception {
    long guardian = node.awaitGuard();
    assertThat(keptBy(guardian)).contains("inotify");

    Proc.signal("KILL", node.hamPid());

    Until.isTrue("it takes over", () -> node.hamPid() == guardian);
    Until.isTrue("it lets go", () -> !keptBy(guardian).contains("inotify"));
    assertThat(keptBy(node.awaitGuard())).contains("inotify");
  }

  /** A table of descriptors grows while everybody waits, so it does not grow in a takeover. */
  @Test
  void eitherHasRoomForDescriptorsBeforeItNeedsThem() throws Exception {
    long guardian = node.awaitGuard();
    long wanted = Math.min(16_384, number(guardian, "limits", "Max open files") / 2);

    Until.isTrue("the HAM", () -> number(node.hamPid(), "status", "FDSize:") >= wanted);
    Until.isTrue("its Guardian", () -> number(guardian, "status", "FDSize:") >= wanted);
  }

  @Test
  void whoDiesWithTheHamIsRestartedByAGateThatItsGuardianHadMade() throws Exception {
    long pid = watched("along", "/bin/sleep", "1000").pid();
    long guardian = node.awaitGuard();
    List<Long> gates = Until.given("it has made its gates", () -> gatesOf(guardian));

    // In this order the HAM cannot be the one who restarts it.
    Proc.signal("KILL", node.hamPid());
    Proc.signal("KILL", pid);

    Until.isTrue("it takes over", () -> node.hamPid() == guardian);
    assertThat(gates).contains(successor("along", pid));
  }

  @Test
  void whoTakesOverHasMadeItsOwnGuardianBefore() throws Exception {
    long guardian = node.awaitGuard();
    long heir = Until.given("it has made its heir", () -> heirOf(guardian));

    Proc.signal("KILL", node.hamPid());

    Until.isTrue("it takes over", () -> node.hamPid() == guardian);
    assertThat(node.awaitGuard()).isEqualTo(heir);
  }

  @Test
  void anHeirThatIsGoneIsReplacedInTheTakeover() throws Exception {
    long guardian = node.awaitGuard();
    long heir = Until.given("it has made its heir", () -> heirOf(guardian));
    Proc.signal("KILL", heir);

    Proc.signal("KILL", node.hamPid());

    Until.isTrue("it takes over", () -> node.hamPid() == guardian);
    assertThat(node.awaitGuard()).isNotEqualTo(heir);
  }

  @Test
  void anHeirEndsWithAGuardianThatNeverActed() throws Exception {
    long guardian = node.awaitGuard();
    long heir = Until.given("it has made its heir", () -> heirOf(guardian));

    Proc.signal("KILL", guardian);

    Until.isTrue("the heir is gone", () -> !Proc.isAlive(heir));
    assertThat(node.awaitGuard()).isNotEqualTo(heir);
  }

  /** It cannot read that its Guardian is gone, and held what the node listens on. */
  @Test
  void anHeirThatSomebodyStoppedEndsToo() throws Exception {
    long guardian = node.awaitGuard();
    long heir = Until.given("it has made its heir", () -> heirOf(guardian));
    Proc.signal("STOP", heir);
    Proc.signal("KILL", guardian);
    Until.isTrue("the heir is gone", () -> !Proc.isAlive(heir));
  }

  @Test
  void anHeirThatSomebodyStoppedStandsGuardAllTheSame() throws Exception {
    long guardian = node.awaitGuard();
    long heir = Until.given("it has made its heir", () -> heirOf(guardian));
    Proc.signal("STOP", heir);
    Proc.signal("KILL", node.hamPid());
    Until.isTrue("the Guardian acts", () -> node.hamPid() == guardian);
    assertThat(node.awaitGuard()).isEqualTo(heir);
  }

  /** What a HAM holds for life is marked by the kernel when it dies; the next one holds it anew. */
  @Test
  void theWordOfThePairIsHeldByAThreadOfTheHam() throws Exception {
    long ham = node.hamPid();
    long guardian = node.awaitGuard();
    Until.isTrue("the HAM holds it", () -> holds(ham));

    Proc.signal("KILL", ham);

    Until.isTrue("it takes over", () -> node.hamPid() == guardian);
    Until.isTrue("it holds the word", () -> holds(guardian));
  }

  @Test
  void aKilledGuardianIsReplaced() throws Exception {
    long ham = node.hamPid();
    long guardian = node.awaitGuard();
    String digest = node.ham().statusWithDigest().digest();

    Proc.signal("KILL", guardian);

    Until.isTrue("another stands guard", () -> node.awaitGuard() != guardian);
    assertThat(node.hamPid()).isEqualTo(ham);
    assertThat(node.ham().status().guardian().failures()).isEqualTo(1);
    assertThat(node.ham().status().ham().failures()).isZero();
    assertThat(node.ham().statusWithDigest().digest()).isEqualTo(digest);
    assertThat(history("")).contains(" guardian-lost");
  }

  @Test
  void killedInTurnTheyRecoverEachOther() throws Exception {
    killInTurn(true);
  }

  @Test
  void killedInTurnWithoutAPauseTheNodeGoesOn() throws Exception {
    killInTurn(false);
  }

  @Test
  void killedAtOneInstantTheyAreStartedAgain() throws Exception {
    long pid = watched("untouched", "/bin/sleep", "1000").pid();
    String digest = node.ham().statusWithDigest().digest();

    node.kill(node.pair());

    node.awaitAnswer();
    assertThat(node.pid("untouched")).isEqualTo(pid);
    assertThat(node.ham().statusWithDigest().digest()).isEqualTo(digest);
    assertThat(Proc.isAlive(node.launcherPid())).isTrue();
    node.awaitGuard();
  }

  @Test
  void aHamThatIsStoppedForLongIsReplacedAndNeverRunsAgain() throws Exception {
    long pid = watched("untouched", "/bin/sleep", "1000").pid();
    long ham = node.hamPid();
    long guardian = node.awaitGuard();

    Proc.signal("STOP", ham);

    Until.isTrue("the stopped one is gone", () -> !Proc.isAlive(ham));
    Until.isTrue("the Guardian acts", () -> node.hamPid() == guardian);
    assertThat(node.pid("untouched")).isEqualTo(pid);
  }

  @Test
  void eitherMayBeStoppedForAMomentAndNothingHappens() throws Exception {
    long pid = watched("untouched", "/bin/sleep", "1000").pid();
    int held = 0;
    for (int pause = 0; pause < PAUSES; ) {
      List<Long> pair = List.of(node.hamPid(), node.awaitGuard());
      String position = node.ham().read("", 0).position();

      if (stopForAMoment(pair.get(pause % 2)).compareTo(HANG_LIMIT) > 0) {
        // This test itself was held up, and the other may have been right to act.
        assertThat(held++).as("pauses that became too long").isLessThan(50);
        continue;
      }

      LockSupport.parkNanos(2 * HANG_LIMIT.toNanos());
      assertThat(node.pair()).containsExactlyInAnyOrderElementsOf(pair);
      assertThat(node.ham().read("", 0).position()).as("nothing is told").isEqualTo(position);
      assertThat(node.pid("untouched")).isEqualTo(pid);
      pause++;
    }
  }

  @Test
  void aGuardianThatIsStoppedForLongIsReplaced() throws Exception {
    long ham = node.hamPid();
    long guardian = node.awaitGuard();

    Proc.signal("STOP", guardian);

    Until.isTrue("the stopped one is gone", () -> !Proc.isAlive(guardian));
    Until.isTrue("another stands guard", () -> node.awaitGuard() != guardian);
    assertThat(node.hamPid()).isEqualTo(ham);
  }

  @Test
  void aPairThatIsFrozenTogetherKillsNobody() throws Exception {
    Path cgroup = Needs.cgroup().resolve("hamlet-it-" + ProcessHandle.current().pid());
    long ham = node.hamPid();
    long guardian = node.awaitGuard();
    Files.createDirectory(cgroup);
    try {
      for (long manager : List.of(ham, guardian)) {
        Files.writeString(cgroup.resolve("cgroup.procs"), manager + "\n");
      }
      Files.writeString(cgroup.resolve("cgroup.freeze"), "1");
      LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(5));
      Files.writeString(cgroup.resolve("cgroup.freeze"), "0");
      LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(2));

      assertThat(node.hamPid()).isEqualTo(ham);
      assertThat(node.guardianPid()).isEqualTo(guardian);
      assertThat(node.ham().status().ham().failures()).isZero();
      assertThat(node.ham().status().guardian().failures()).isZero();
    } finally {
      node.close();
      node = null;
      Until.isTrue("the cgroup is empty", () -> cgroup.toFile().delete());
    }
  }

  @Test
  void stoppingTheNodeEndsBothAndIsNoFailure() throws Exception {
    List<Long> pair = node.pair();
    assertThat(pair).allMatch(Proc::isAlive);

    node.ham().stop();

    assertThat(node.awaitEnd()).isZero();
    assertThat(pair).noneMatch(Proc::isAlive);
    assertThat(Files.readString(node.output())).doesNotContain("took over");
    node.launch();
    assertThat(node.ham().status().ham().failures()).isZero();
  }

  @Test
  void entitiesInheritNothingOfThePair() throws Exception {
    node.kill(List.of(node.hamPid()));
    long pid = watched("clean", "/bin/sleep", "1000").pid();
    Until.isTrue("it sleeps", () -> Proc.commandLine(pid).equals("/bin/sleep 1000"));
    String[] open = Path.of("/proc/" + pid + "/fd").toFile().list();
    assertThat(open).containsExactlyInAnyOrder("0", "1", "2");
  }

  private void killInTurn(boolean patiently) throws Exception {
    Map<String, Long> untouched = new HashMap<>();
    for (int i = 0; i < ENTITIES; i++) {
      String name = "e" + i;
      untouched.put(name, watched(name, "/bin/sleep", "1000").pid());
    }
    watched("busy", BUSY.split(" "));
    String start = node.ham().read("", 0).position();
    try (Ham own = Ham.connect(node.address());
        Witness witness = new Witness(own, start);
        Shadow shadow = Shadow.of(node)) {
      FutureTask<Integer> killer = begin(this::killBusy);
      FutureTask<Integer> client = begin(this::call);
      for (int round = 0; round < ROUNDS; round++) {
        shadow.assertSame(node);
        killOne(round % 2 == 0, patiently);
        shadow.assertSame(node);
      }
      over = true;
      int killed = killer.get(60, TimeUnit.SECONDS);
      assertThat(client.get(60, TimeUnit.SECONDS)).isPositive();
      Until.isTrue("each death is told", () -> node.object("busy").deaths() == killed);
      Until.isTrue("each is recovered once", () -> node.object("busy").restarts() == killed);
      assertThat(killed).isPositive();
      witness.assertExact(node.ham(), start);
      assertThat(witness.count("busy", "death")).isEqualTo(killed);
      assertThat(witness.count("busy", "restart")).isEqualTo(killed);
    }
    for (Map.Entry<String, Long> entity : untouched.entrySet()) {
      TreeObject now = node.object(entity.getKey());
      assertThat(now.pid()).as(entity.getKey()).isEqualTo(entity.getValue());
      assertThat(now.deaths()).as(entity.getKey()).isZero();
    }
  }

  private void killOne(boolean ham, boolean patiently) throws InterruptedException {
    if (patiently) {
      long guardian = node.awaitGuard();
      long acting = node.hamPid();
      Proc.signal("KILL", ham ? acting : guardian);
      Until.isTrue(
          "recovered", () -> ham ? node.hamPid() == guardian : node.awaitGuard() != guardian);
    } else {
      Proc.signal("KILL", ham ? node.hamPid() : node.ham().status().guardian().pid());
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
    }
  }

  /** Answers how long it may have been. */
  private static Duration stopForAMoment(long manager) {
    long begin = System.nanoTime();
    Proc.signal("STOP", manager);
    LockSupport.parkNanos(HANG_LIMIT.toNanos() / 2);
    Proc.signal("CONT", manager);
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  /** Those of a Guardian, by the cgroups that it made for them; null: they are not all there. */
  private static List<Long> gatesOf(long guardian) throws IOException {
    List<Long> found = new ArrayList<>();
    for (long child : Proc.children(guardian)) {
      if (Files.readString(Path.of("/proc/" + child + "/cgroup")).contains("/g" + guardian + "-")) {
        found.add(child);
      }
    }
    return found.size() < 2 ? null : found;
  }

  /** The shell that is to be the next Guardian; null while there is none. */
  private static Long heirOf(long guardian) {
    return Proc.children(guardian).stream()
        .filter(child -> Proc.commandLine(child).startsWith("sh -c read"))
        .findFirst()
        .orElse(null);
  }

  /** Whether that manager has a thread by the name that stands in the word (robust futex ABI). */
  private static boolean holds(long manager) throws IOException {
    String page = "";
    for (String line : Files.readAllLines(Path.of("/proc/" + manager + "/maps"))) {
      page = line.endsWith("/pair") ? line.substring(line.indexOf('/')) : page;
    }
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(Path.of(page)));
    int word = bytes.order(ByteOrder.nativeOrder()).getInt(384);
    boolean died = (word & 0x4000_0000) != 0;
    return !died && Files.exists(Path.of("/proc/" + manager + "/task/" + (word & 0x3FFF_FFFF)));
  }

  /** Empty: nothing is there. */
  private static String keptBy(long manager) {
    Path kept = Path.of("/proc/" + manager + "/fd/6");
    try {
      return Files.readSymbolicLink(kept).toString();
    } catch (IOException e) {
      return "";
    }
  }

  /** The first number behind those words in a file of {@code /proc/PID}. */
  private static long number(long pid, String file, String words) {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid, file))) {
      String line = lines.filter(l -> l.startsWith(words)).findFirst().orElseThrow();
      String rest = line.substring(words.length()).strip().split("\\s+")[0];
      return rest.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(rest);
    } catch (IOException e) {
      return 0;
    }
  }

  /** Kills the busy one again and again, each process once; answers how often. */
  private Integer killBusy() throws Exception {
    int killed = 0;
    long last = 0;
    while (!over) {
      List<Long> running = Proc.running(BUSY);
      if (running.size() == 1 && running.getFirst() != last) {
        last = running.getFirst();
        Proc.signal("KILL", last);
        killed++;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
    return killed;
  }

  /** Changes something again and again; a call that is lost breaks the test. */
  private Integer call() throws Exception {
    int calls = 0;
    try (Ham ham = Ham.connect(node.address())) {
      while (!over) {
        String name = "made" + calls;
        ham.withTimeout(Duration.ofSeconds(30)).entity(name);
        ham.withTimeout(Duration.ofSeconds(30)).named(name).remove();
        calls++;
      }
    }
    return calls;
  }

  private static <T> FutureTask<T> begin(java.util.concurrent.Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    Thread.ofPlatform().daemon().name("guardian-it").start(task);
    return task;
  }
}
