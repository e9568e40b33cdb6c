package io.hamlet.agent.demo;

import io.hamlet.client.Action;
import io.hamlet.client.Command;
import io.hamlet.client.Condition;
import io.hamlet.client.ConditionSpec;
import io.hamlet.client.Deed;
import io.hamlet.client.Entity;
import io.hamlet.client.Flag;
import io.hamlet.client.Rearm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** An entity is killed; its death condition restarts it; an action fails and its alternate runs. */
final class KillStep implements Step {
  private static final String ENTITY = "worker";
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @Override
  public int number() {
    return 1;
  }

  @Override
  public String title() {
    return "an entity is killed, and restarted; a failing action has an alternate";
  }

  @Override
  public StepResult run(DemoCluster cluster, Consumer<String> tell) throws InterruptedException {
    DemoNode node = cluster.node(0);
    Path note = node.directory().resolve("note");
    Entity entity = prepare(node, note);
    long before = entity.pid();
    String line = Outside.commandLine(before);
    tell.accept("attached '" + line + "' as " + ENTITY + ", pid " + before + "; kill -9 it");
    try (Observed observed = new Observed(node.ham(), ENTITY)) {
      long start = System.nanoTime();
      Outside.signal("KILL", before);
      observed.await(ENTITY, "restart");
      final long millis = (System.nanoTime() - start) / 1_000_000;
      long after = node.ham().read(ENTITY, 0).objects().getFirst().pid();
      tell.accept("restarted after " + millis + " ms as pid " + after);
      observed.await(ENTITY + "/died/ready", "action-failed");
      String written = awaitNote(note);
      tell.accept("'ready' failed as planned; its alternate wrote: " + written);
      Map<String, Object> evidence = new LinkedHashMap<>();
      evidence.put("node", node.name());
      evidence.put("pid_before", before);
      evidence.put("pid_after", after);
      evidence.put("before_runs", Outside.runs(before));
      evidence.put("after_runs", Outside.runs(after));
      evidence.put("command_after", Outside.commandLine(after));
      evidence.put("alternate_wrote", written);
      evidence.put("events", observed.seen());
      boolean ok =
          before != after
              && !Outside.runs(before)
              && Outside.runs(after)
              && Outside.commandLine(after).equals(line)
              && written.equals(ENTITY + " " + before);
      return new StepResult(number(), title(), ok, millis, evidence);
    }
  }

  private static Entity prepare(DemoNode node, Path note) throws InterruptedException {
    Entity entity = node.ham().attach(ENTITY, Command.of("/bin/sleep", "86400"));
    Condition died = entity.condition("died", ConditionSpec.death().rearm(Rearm.ON));
    died.action("again", Deed.restart(), Rearm.ON);
    String never = node.directory().resolve("never").toString();
    Action ready =
        died.action(
            "ready",
            new Deed.WaitFor(never, Duration.ofMillis(20)),
            Rearm.ON,
            Flag.OfAction.KEEP_ON_FAIL);
    String script = "echo \"$HAM_ENTITY $HAM_PID\" >\"$0.new\" && mv \"$0.new\" \"$0\"";
    ready.onFail("note", Deed.execute("/bin/sh", "-c", script, note.toString()));
    return entity;
  }

  /** An execute is not waited for by its manager, so it is by us. */
  private static String awaitNote(Path note) throws InterruptedException {
    try {
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (!Files.exists(note) && System.nanoTime() < end) {
        Thread.sleep(5);
      }
      return Files.exists(note) ? Files.readString(note).strip() : "";
    } catch (IOException e) {
      throw new DemoFailure("cannot read " + note + ": " + e.getMessage());
    }
  }
}
