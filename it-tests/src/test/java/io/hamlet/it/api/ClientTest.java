package io.hamlet.it.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hamlet.client.Ack;
import io.hamlet.client.Action;
import io.hamlet.client.Command;
import io.hamlet.client.Condition;
import io.hamlet.client.ConditionSpec;
import io.hamlet.client.Deed;
import io.hamlet.client.Entity;
import io.hamlet.client.Event;
import io.hamlet.client.EventStream;
import io.hamlet.client.Ham;
import io.hamlet.client.HamException;
import io.hamlet.client.HamObject;
import io.hamlet.client.Rearm;
import io.hamlet.client.TreeObject;
import io.hamlet.client.WatchSpec;
import io.hamlet.client.Watched;
import io.hamlet.client.Why;
import io.hamlet.core.model.Exit;
import io.hamlet.core.model.Name;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.manager.api.ApiServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClientTest {
  private Bench bench;
  private Ham ham;

  @BeforeEach
  void start() throws Exception {
    bench = new Bench();
    ham = bench.connect();
  }

  @AfterEach
  void stop() throws Exception {
    ham.close();
    bench.close();
  }

  @Test
  void anEntityWithAConditionAndAnActionIsReadBack() throws Exception {
    Entity web = ham.attach("web", Command.of("/bin/web", "-p", "80"));
    Condition died = web.condition("died", ConditionSpec.death());
    Action restart = died.action("restart", Deed.restart());
    assertThat(web.pid()).isPositive();
    assertThat(web.receipt().ack()).isEqualTo(Ack.DURABLE);
    assertThat(restart.path()).isEqualTo("web/died/restart");
    assertThat(ham.read("web", -1).objects())
        .extracting(TreeObject::path)
        .containsExactly("web", "web/died", "web/died/restart");
    assertThat(ham.read("web/died/restart", 0).objects().getFirst().info())
        .contains("Restart Line    : /bin/web -p 80\n");
  }

  @Test
  void aHandleMeansOneObjectAndANameWhateverHasIt() throws Exception {
    Entity first = ham.entity("e");
    first.remove();
    ham.entity("e");
    assertThatThrownBy(first::flags)
        .isInstanceOfSatisfying(
            HamException.Refused.class,
            e -> {
              assertThat(e.reason()).isEqualTo(HamException.Reason.NOT_FOUND);
              assertThat(e.errno()).isEqualTo("ENOENT");
              assertThat(e.path()).isEqualTo("e");
            });
    assertThat(ham.named("e").flags()).isZero();
    HamObject handle = ham.handle("e");
    assertThat(handle.uid()).isNotEqualTo(first.uid()).isPositive();
  }

  @Test
  void statusTellsTheNode() throws Exception {
    assertThat(ham.status().node()).isEqualTo(Brain.NODE);
    assertThat(ham.connectNode(Brain.NODE).status().role()).isEqualTo("ham");
    assertThatThrownBy(() -> ham.connectNode("elsewhere").status())
        .isInstanceOf(HamException.Refused.class)
        .hasMessageContaining("no node 'elsewhere'");
  }

  @Test
  void nobodyThereIsUnavailable() {
    try (Ham nobody = Ham.connect("unix:" + bench.directory + "/nobody.sock")) {
      assertThatThrownBy(nobody::status).isInstanceOf(HamException.Unavailable.class);
    }
  }

  @Test
  void overTcpToo() throws Exception {
    try (Ham tcp = Ham.connect("127.0.0.1:" + bench.port())) {
      assertThat(tcp.status().node()).isEqualTo(Brain.NODE);
    }
  }

  @Test
  void theNextAddressIsTriedWhenOneIsDead() throws Exception {
    String dead = "unix:" + bench.directory + "/nobody.sock";
    try (Ham two = Ham.connect(dead + ",unix:" + bench.socket())) {
      assertThat(two.status().node()).isEqualTo(Brain.NODE);
      assertThat(two.addresses()).containsExactly(dead, "unix:" + bench.socket());
    }
  }

  @Test
  void closingEndsWhatIsOpenAndLaterCallsSaySo() throws Exception {
    EventStream watch = ham.watch(WatchSpec.ALL);
    assertThat(watch.next()).isInstanceOf(Watched.CaughtUp.class);
    ham.close();
    assertThatThrownBy(watch::next).isInstanceOf(HamException.class);
    assertThatThrownBy(ham::status)
        .isInstanceOf(HamException.Unavailable.class)
        .hasMessageContaining("closed");
  }

  @Test
  void theSocketIsForItsOwnerOnly() throws Exception {
    assertThat(Files.getPosixFilePermissions(bench.socket()))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    bench.stop();
    assertThat(bench.socket()).doesNotExist();
    bench.start();
  }

  @Test
  void whatIsNoSocketIsNotReplaced() throws Exception {
    bench.stop();
    Files.writeString(bench.socket(), "mine");
    assertThatThrownBy(bench::start)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("in the way");
    assertThat(bench.socket()).hasContent("mine");
  }

  @Test
  void listeningBeyondLoopbackNeedsTls() {
    assertThatThrownBy(() -> ApiServer.builder(null).listen("0.0.0.0", 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("TLS");
  }

  @Test
  void aPathThatNoSocketCanHaveIsRefused() {
    Path longest = bench.directory.resolve("x".repeat(120));
    assertThatThrownBy(() -> ApiServer.builder(null).socket(longest))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("too long");
  }

  @Test
  void whyTellsTheStoryOfTheLastRestart() throws Exception {
    Entity web = ham.attach("web", Command.of("/bin/web"));
    Condition died = web.condition("died", ConditionSpec.death().rearm(Rearm.ON));
    died.action("note", Deed.log("it died"), Rearm.ON);
    died.action("again", Deed.restart(), Rearm.ON);
    web.publishState(3);
    var entity = bench.brain.state().entity(new Name("web"));
    bench.brain.post(new HamEvent.Died(entity.name(), entity.uid(), 1, Exit.signaled(9, false)));
    await().until(() -> ham.handle("web") instanceof Entity now && now.pid() != web.pid());
    Why why = ham.why("web");
    assertThat(why.summary()).startsWith("web: death (signal 9), then restart");
    assertThat(why.events()).first().extracting(Event::event).isEqualTo("death");
    assertThat(why.events())
        .extracting(Event::event)
        .contains("action-started", "action-done", "restart");
    assertThat(why.truncated()).isFalse();
    assertThatThrownBy(() -> ham.why("nobody")).isInstanceOf(HamException.Refused.class);
    ham.attach("other", Command.of("/bin/other"));
    assertThat(ham.why("other").summary()).isEqualTo("other: attach.");
  }
}
