package io.hamlet.manager.cluster;

import java.util.ArrayList;
import java.util.List;
import org.jgroups.protocols.FD_ALL3;
import org.jgroups.protocols.FD_SOCK2;
import org.jgroups.protocols.TCP_NIO2;
import org.jgroups.protocols.UFC;
import org.jgroups.protocols.UNICAST3;
import org.jgroups.protocols.VERIFY_SUSPECT2;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.protocols.pbcast.NAKACK2;
import org.jgroups.protocols.pbcast.STABLE;
import org.jgroups.stack.Protocol;

/**
 * The protocols of the bus, tuned. What is shipped would notice a frozen member after 40 s, and
 * merge after a minute.
 */
final class Stack {
  /** Longest thing on a connection: the longest message, sealed, with all heads. */
  private static final int LONGEST = (1 << 20) + (1 << 16);

  /** How much may be on its way to a member that does not take it. */
  private static final long CREDITS = 3L << 20;

  /** Failure detection listens behind the slot's own port and the one of the consensus. */
  private static final int FD_OFFSET = 2;

  private Stack() {}

  /** From the network up; a stack is for one channel. */
  static List<Protocol> of(BusConfig config, int slot, Overhearing others) {
    List<Protocol> stack = new ArrayList<>();
    // Not TCP: a write to a member that is frozen would hold up the heartbeats to all others, and
    // one who connects and says nothing would hold up whoever connects next.
    TCP_NIO2 network = new Redialing();
    network.setBindAddr(config.address());
    network.setBindPort(config.port() + slot);
    network.setPortRange(0);
    network.setMaxLength(LONGEST);
    network.tcpNodelay(true);
    network.setSockConnTimeout(300);
    network.setMaxSendBuffers(1024);
    network.logDetails(false);
    network.setBundlerType("no-bundler");
    // One wake from the network to whoever listens: the thread that reads hands it up. A virtual
    // thread is woken by a poller, which another wakes, and a message would have one of its own.
    network.useVirtualThreads(false);
    network.setMessageProcessingPolicy(DirectUnicasts.class.getName());
    network.setWhoHasCacheTimeout(200);
    stack.add(network);
    if (config.key() != null) {
      stack.add(new Seal(config.key()));
    }
    if (config.multicast() != null) {
      stack.add(new GroupDiscovery(config));
    }
    SeedDiscovery seeds = new SeedDiscovery(config);
    // Whoever was found tells of those it knows: not all need to know all.
    seeds.returnEntireCache(true);
    stack.add(seeds);
    stack.add(others.setMinInterval(200).setMaxInterval(500).setCheckInterval(1000));
    stack.add(deaths(config));
    stack.add(new FD_ALL3().setTimeout(1000).setInterval(250));
    stack.add(new VERIFY_SUSPECT2().setTimeout(20));
    NAKACK2 views = new NAKACK2();
    views.useMcastXmit(false);
    views.setXmitInterval(200);
    stack.add(views);
    stack.add(new UNICAST3().setXmitInterval(200));
    stack.add(new MergeOnce());
    stack.add(new STABLE().setDesiredAverageGossip(5000).setMaxBytes(1 << 20));
    GMS members = new GMS();
    members.setJoinTimeout(500);
    members.setLeaveTimeout(500);
    members.setViewAckCollectionTimeout(500);
    members.setMergeTimeout(1000);
    members.printLocalAddress(false);
    stack.add(members);
    stack.add(new UFC().setMaxCredits(CREDITS));
    return stack;
  }

  /** Sees a member's sockets close. */
  private static FD_SOCK2 deaths(BusConfig config) {
    // Its ports must not touch the other slot's: a death would be missed (facts.md 10).
    FD_SOCK2 deaths = new FD_SOCK2().setOffset(FD_OFFSET).setPortRange(2);
    // A new view is not told to the others while this is waited for.
    deaths.setValue("connect_timeout", 300);
    // Members take two of one address for one. Left alone it would tell them the address that the
    // host's name stands for, which on many is 127.0.1.1.
    return deaths.setBindAddress(config.address());
  }
}
