package io.hamlet.agent;

import io.hamlet.agent.config.FenceConfig;
import io.hamlet.agent.config.NodeConfig;
import io.hamlet.agent.fence.FenceAgent;
import io.hamlet.agent.fence.FenceOptions;
import io.hamlet.agent.os.Kernel;
import io.hamlet.manager.port.Fencing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What turns other nodes off, as this node was told. */
final class Power {
  private Power() {}

  static Fencing of(Kernel kernel, NodeConfig config) {
    return config.cluster().flatMap(c -> c.fencing()).map(f -> of(kernel, f)).orElse(Fencing.NONE);
  }

  private static Fencing of(Kernel kernel, FenceConfig told) {
    try {
      List<String> lines =
          told.options().isEmpty()
              ? List.of()
              : new String(told.options().get().read(), StandardCharsets.UTF_8).lines().toList();
      FenceOptions options = FenceOptions.parse(lines);
      return new FenceAgent(
          kernel, new FenceAgent.Config(told.agent(), "off", options, told.timeout()));
    } catch (IOException | IllegalArgumentException e) {
      return new Broken("fence-options cannot be read: " + e.getMessage());
    }
  }

  /** The rule stands; that nobody can be turned off is told when somebody should be. */
  private record Broken(String why) implements Fencing {
    @Override
    public CompletableFuture<Void> off(String node) {
      return CompletableFuture.failedFuture(new IllegalStateException(why));
    }
  }
}
