package io.hamlet.agent.demo;

import io.hamlet.client.Condition;
import io.hamlet.client.ConditionSpec;
import io.hamlet.client.ConditionType;
import io.hamlet.client.Deed;
import io.hamlet.client.Entity;
import io.hamlet.client.Flag;
import io.hamlet.client.Rearm;
import io.hamlet.client.RestartPolicy;
import io.hamlet.client.TreeObject;
import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** An entity stops beating: low mark, high mark, killed, restarted, beating again. */
final class HangStep implements Step {
  private static final String ENTITY = "beater";
  private static final int SIGKILL = 9;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @Override
  public int number() {
    return 2;
  }

  @Override
  public String title() {
    return "an entity hangs: low mark, high mark, killed, restarted, beating again";
  }

  @Override
  public StepResult run(DemoCluster cluster, Consumer<String> tell) throws InterruptedException {
    DemoNode node = cluster.node(0);
    List<String> command = Beater.command(node.address(), ENTITY);
    prepare(node, command);
    try (Observed observed = new Observed(node.ham(), ENTITY)) {
      Process first = start(node, command);
      observed.await(ENTITY, "attach");
      tell.accept(
          "process " + first.pid() + " attached itself as " + ENTITY + " and beats; kill -STOP it");
      long start = System.nanoTime();
      Outside.signal("STOP", first.pid());
      observed.await(ENTITY, "beat-missed-low");
      tell.accept("low mark after " + since(start) + " ms");
      observed.await(ENTITY, "beat-missed-high");
      tell.accept("high mark after " + since(start) + " ms: its action kills it");
      observed.await(ENTITY, "restart");
      final long millis = since(start);
      TreeObject after = awaitBeating(node);
      tell.accept(
          "restarted after " + millis + " ms as pid " + after.pid() + ", which beats again");
      Map<String, Object> evidence = new LinkedHashMap<>();
      evidence.put("node", node.name());
      evidence.put("pid_before", first.pid());
      evidence.put("pid_after", after.pid());
      evidence.put("before_runs", Outside.runs(first.pid()));
      evidence.put("after_runs", Outside.runs(after.pid()));
      evidence.put("health_after", after.health());
      evidence.put("events", observed.seen());
      boolean ok =
          first.pid() != after.pid()
              && !Outside.runs(first.pid())
              && Outside.runs(after.pid())
              && Outside.commandLine(after.pid()).contains(Beater.WORD)
              && after.health().equals("HBEATOK");
      end(node, after.pid());
      return new StepResult(number(), title(), ok, millis, evidence);
    }
  }

  private static void prepare(DemoNode node, List<String> command) throws InterruptedException {
    Entity entity = node.ham().entity(ENTITY, Flag.OfEntity.KEEP_ON_DEATH);
    entity
        .condition("low", ConditionSpec.of(ConditionType.BEAT_MISSED_LOW))
        .action("log", Deed.log("it is late"));
    entity
        .condition("high", ConditionSpec.of(ConditionType.BEAT_MISSED_HIGH))
        .action("kill", Deed.signalSelf(SIGKILL));
    Condition died = entity.condition("died", ConditionSpec.death().rearm(Rearm.ON));
    died.action("again", new Deed.Restart(command, RestartPolicy.NONE), Rearm.ON);
  }

  private static Process start(DemoNode node, List<String> command) {
    File output = node.directory().resolve("beater.out").toFile();
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output).start();
    } catch (IOException e) {
      throw new DemoFailure("cannot start " + command + ": " + e.getMessage());
    }
  }

  /** That a restarted process attaches itself again is no event; its health shows it. */
  private static TreeObject awaitBeating(DemoNode node) throws InterruptedException {
    TreeObject entity = null;
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end) {
      entity = node.ham().read(ENTITY, 0).objects().getFirst();
      if (entity.health().equals("HBEATOK")) {
        break;
      }
      Thread.sleep(10);
    }
    return entity;
  }

  /** It would change the tree when it gets no time to beat, and the next step compares that. */
  private static void end(DemoNode node, long pid) throws InterruptedException {
    node.ham().named(ENTITY).detachSelf();
    Outside.signal("KILL", pid);
    Outside.ends(pid, PATIENCE);
  }

  private static long since(long start) {
    return (System.nanoTime() - start) / 1_000_000;
  }
}
