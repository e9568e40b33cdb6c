package io.hamlet.agent.cluster;

import io.hamlet.agent.config.ClusterConfig;
import io.hamlet.agent.config.Join;
import io.hamlet.manager.cluster.BusConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** What the bus is told of the configuration. */
final class BusPlace {
  private BusPlace() {}

  /** Throws IOException when the key cannot be read. */
  static BusConfig of(ClusterConfig config) throws IOException {
    List<BusConfig.Seed> seeds = new ArrayList<>();
    InetSocketAddress group = null;
    for (Join join : config.join()) {
      switch (join) {
        case Join.Host host -> seeds.add(new BusConfig.Seed(host.host(), host.port()));
        case Join.Dns dns -> seeds.add(new BusConfig.Seed(dns.name(), dns.port()));
        case Join.Multicast many -> group = new InetSocketAddress(many.group(), many.port());
      }
    }
    byte[] key = config.key().isEmpty() ? null : config.key().get().read();
    return new BusConfig(config.bind().address(), config.bind().port(), seeds, group, key);
  }
}
