package io.hamlet.it.live;

import io.hamlet.client.Command;
import io.hamlet.client.Condition;
import io.hamlet.client.ConditionSpec;
import io.hamlet.client.Deed;
import io.hamlet.client.Entity;
import io.hamlet.client.Event;
import io.hamlet.client.EventStream;
import io.hamlet.client.Flag;
import io.hamlet.client.Rearm;
import io.hamlet.client.WatchSpec;
import io.hamlet.client.Watched;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A test with a node of its own. */
abstract class LiveTest {
  @TempDir Path directory;
  LiveNode node;

  @RegisterExtension final Evidence evidence = Evidence.of(() -> node);

  @BeforeEach
  void startNode() throws IOException {
    // Programs that run as other users have to get through.
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
    node = LiveNode.start(directory.resolve("node"), "one");
  }

  @AfterEach
  void stopNode() {
    if (node != null) {
      node.close();
    }
  }

  /** An entity that is restarted after each death, for ever. */
  Entity watched(String name, Command command) throws InterruptedException {
    Entity entity = node.ham().attach(name, command, Flag.OfEntity.KEEP_ON_DEATH);
    restarted(entity);
    return entity;
  }

  Entity watched(String name, String... command) throws InterruptedException {
    return watched(name, Command.of(command));
  }

  /** Puts a restart under the entity's death. */
  static Condition restarted(Entity entity) throws InterruptedException {
    Condition death = entity.condition("dead", ConditionSpec.death().rearm(Rearm.ON));
    death.action("again", Deed.restart(), Rearm.ON);
    return death;
  }

  /** Waits until the entity has another process than that, and gives its pid. */
  long successor(String entity, long than) {
    return Until.given(
        "a successor of " + entity + " " + than,
        () -> {
          long pid = node.pid(entity);
          return pid != 0 && pid != than ? Long.valueOf(pid) : null;
        });
  }

  /** All that happened so far to an object and below it, as words like {@code svc/dead death}. */
  List<String> history(String path) throws InterruptedException {
    List<String> words = new ArrayList<>();
    try (EventStream events = node.ham().watch(WatchSpec.ALL.path(path).from("0").noFollow())) {
      for (Watched w = events.next(); w != null; w = events.next()) {
        if (w instanceof Event e) {
          words.add(e.path() + " " + e.event());
        }
      }
    }
    return words;
  }
}
