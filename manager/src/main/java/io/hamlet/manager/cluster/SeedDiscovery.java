package io.hamlet.manager.cluster;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jgroups.Address;
import org.jgroups.PhysicalAddress;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.TCPPING;
import org.jgroups.stack.IpAddress;
import org.jgroups.util.Responses;

/**
 * Asks the hosts that were named, and both slots of each. A name is looked up for each search, so
 * that one that is unknown now, or moves, is found when it can be.
 */
final class SeedDiscovery extends TCPPING {
  private final BusConfig config;

  SeedDiscovery(BusConfig config) {
    this.config = config;
    setId(ClassConfigurator.getProtocolId(TCPPING.class));
    setInitialHosts2(own());
  }

  @Override
  public void findMembers(List<Address> members, boolean initial, Responses responses) {
    Set<PhysicalAddress> hosts = own();
    for (BusConfig.Seed seed : config.seeds()) {
      try {
        for (InetAddress address : InetAddress.getAllByName(seed.host())) {
          addSlots(hosts, address, seed.port());
        }
      } catch (UnknownHostException e) {
        log.debug("%s is not known now", seed.host());
      }
    }
    initial_hosts = hosts;
    super.findMembers(members, initial, responses);
  }

  /** Our partner is found wherever the others are. */
  private Set<PhysicalAddress> own() {
    Set<PhysicalAddress> hosts = new LinkedHashSet<>();
    addSlots(hosts, config.address(), config.port());
    return hosts;
  }

  private static void addSlots(Set<PhysicalAddress> hosts, InetAddress address, int port) {
    for (int slot : BusConfig.SLOTS) {
      hosts.add(new IpAddress(address, port + slot));
    }
  }
}
