package io.hamlet.it.live;

import static io.hamlet.it.live.Operator.awaitStart;
import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.it.live.SoleProgram.Start;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What {@code ham simulate} says of a loss, that loss, and what people do after it. */
class ForetoldIT {
  @TempDir Path directory;
  private LiveCluster cluster;
  private Operator operator;

  @RegisterExtension final Evidence evidence = Evidence.ofAll(() -> cluster);

  @BeforeEach
  void start() {
    Needs.root();
    cluster = LiveCluster.start(directory, 3, "--lease", "6s");
    cluster.awaitVotes();
    operator = new Operator(cluster.node("c"), directory);
  }

  @AfterEach
  void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void whatIsForetoldHappensAndWhatIsKeptWaitsForAWord() throws Exception {
    SoleProgram web = operator.attach("web", "--prefer a,c");
    SoleProgram mail = operator.attach("mail", "--prefer b");
    Start first = awaitStart(web, 1, "a");
    Start other = awaitStart(mail, 1, "b");
    operator
        .json("--latest simulate --lose a")
        .is(0)
        .has("lost", "quorate", "entities")
        .with("\"lost\":[\"a\"],\"quorate\":true")
        .with(fate("mail", "b", "b", ""))
        .with(fate("web", "a", "c", ""));
    operator
        .text("--latest simulate --lose a")
        .is(0)
        .with("web              a -> c")
        .with("stays on b");

    SoleProgram kept = operator.attach("kept", "--prefer a --quorum-loss keep");
    Start keeper = awaitStart(kept, 1, "a");
    operator
        .json("--latest simulate --lose a")
        .is(2)
        .with(fate("kept", "a", "", "not moved before it is confirmed that a is down"))
        .with(fate("web", "a", "c", ""));
    operator.json("--latest simulate --lose a,b").is(2).with("\"quorate\":false");
    assertThat(web.starts()).as("nothing was changed by that").containsExactly(first);

    LiveNode a = cluster.node("a");
    a.awaitGuard();
    a.killEverything();
    awaitStart(web, 2, "c");
    assertThat(mail.running()).isEqualTo(other);
    assertThat(kept.running()).as("it runs on").isEqualTo(keeper);
    assertThat(kept.starts()).containsExactly(keeper);

    cluster.await("c", "a", "lost");
    Proc.signal("KILL", keeper.pid());
    Until.isTrue("it is down", () -> !Proc.isAlive(keeper.pid()));
    operator.json("fence confirm a").is(0).has("confirmed", "ack").with("\"confirmed\":\"a\"");
    Start next = Until.given("it runs elsewhere", () -> second(kept));
    assertThat(next.node()).isIn("b", "c");
    operator.json("--latest simulate --lose a").is(0);
    web.assertOneOwner();
    kept.assertOneOwner();
  }

  private static Start second(SoleProgram program) throws Exception {
    return program.starts().size() > 1 ? program.starts().get(1) : null;
  }

  private static String fate(String entity, String from, String to, String why) {
    return "{\"entity\":\"%s\",\"from\":\"%s\",\"to\":\"%s\",\"why\":\"%s\"}"
        .formatted(entity, from, to, why);
  }

  @Test
  void whatFailsBackReturnsWithItsNodeAndTheOthersStay() throws Exception {
    SoleProgram back = operator.attach("back", "--prefer a,b --failback");
    SoleProgram stays = operator.attach("stays", "--prefer a,b");
    awaitStart(back, 1, "a");
    awaitStart(stays, 1, "a");
    LiveNode a = cluster.node("a");
    a.awaitGuard();
    a.killEverything();
    awaitStart(back, 2, "b");
    Start second = awaitStart(stays, 2, "b");

    a.launch();
    awaitStart(back, 3, "a");
    cluster.awaitAll("up");
    operator.awaitMember("a", "\"held\":1");
    operator.awaitMember("b", "\"held\":1");
    assertThat(stays.running()).isEqualTo(second);
    operator.json("--latest cat *:back").is(0).with("\"failback\":\"true\"");
    operator.json("--latest cat *:stays").is(0).with("\"failback\":\"false\"");
    back.assertOneOwner();
    stays.assertOneOwner();
  }
}
