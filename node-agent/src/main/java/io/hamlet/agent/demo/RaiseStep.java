package io.hamlet.agent.demo;

import io.hamlet.client.ConditionSpec;
import io.hamlet.client.Deed;
import io.hamlet.client.Entity;
import io.hamlet.client.Ham;
import io.hamlet.client.Pulse;
import io.hamlet.client.PulseChannel;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/** A condition raised on one node sends a pulse to a process on another. */
final class RaiseStep implements Step {
  private static final String ENTITY = "topic";
  private static final int TYPE = 7;
  private static final int CODE = 42;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @Override
  public int number() {
    return 4;
  }

  @Override
  public String title() {
    return "a condition raised on one node reaches a subscriber on another";
  }

  @Override
  public StepResult run(DemoCluster cluster, Consumer<String> tell) throws InterruptedException {
    final DemoNode from = cluster.node(0);
    DemoNode to = cluster.node(1);
    final long value = ThreadLocalRandom.current().nextLong(1, Integer.MAX_VALUE);
    try (PulseChannel channel = to.ham().openChannel()) {
      long own = ProcessHandle.current().pid();
      Entity topic = from.ham().entity(ENTITY);
      topic
          .condition("said", ConditionSpec.raise(TYPE, 0, 0))
          .action("tell", new Deed.Pulse(to.name(), own, channel.number(), CODE, value));
      tell.accept(
          "process "
              + own
              + " listens on "
              + to.name()
              + "; a raise for "
              + ENTITY
              + " on "
              + from.name()
              + ", asked of "
              + cluster.node(2).name());
      // Any manager takes the request and passes it on.
      Ham anywhere = cluster.node(2).ham().connectNode(from.name());
      long start = System.nanoTime();
      anywhere.named(ENTITY).raise(TYPE, 1, 1);
      Pulse pulse = channel.poll(PATIENCE);
      long micros = (System.nanoTime() - start) / 1_000;
      if (pulse == null) {
        throw new DemoFailure("no pulse within " + PATIENCE.toSeconds() + " s");
      }
      tell.accept(
          "pulse " + pulse.code() + " with value " + pulse.value() + " after " + micros + " us");
      Map<String, Object> evidence = new LinkedHashMap<>();
      evidence.put("raised_on", from.name());
      evidence.put("asked_of", cluster.node(2).name());
      evidence.put("received_on", to.name());
      evidence.put("receiver", own);
      evidence.put("code", pulse.code());
      evidence.put("value", pulse.value());
      evidence.put("value_sent", value);
      evidence.put("us", micros);
      boolean ok = pulse.code() == CODE && pulse.value() == value;
      return new StepResult(number(), title(), ok, micros / 1_000, evidence);
    }
  }
}
