package io.hamlet.agent.cluster;

import io.hamlet.agent.config.ClusterConfig;
import io.hamlet.agent.config.NodeConfig;
import io.hamlet.manager.port.Member;
import io.hamlet.manager.wire.Hello;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * What this member shows of itself to the others: who it is, whether it acts, under which
 * incarnation, and where it serves. Thread-safe: the address comes from one thread, the incarnation
 * from another.
 */
final class OwnHello {
  private final NodeConfig config;
  private final ClusterConfig cluster;
  private final PapersFile papers;
  private final Consumer<Hello> others;
  private volatile Hello own;

  /**
   * @param self to begin with, which nobody is told
   * @param others are told by it
   */
  OwnHello(NodeConfig config, PapersFile papers, Member self, Consumer<Hello> others) {
    this.config = config;
    this.cluster = config.cluster().orElseThrow();
    this.papers = papers;
    this.others = others;
    this.own = hello(self, 0);
  }

  Hello now() {
    return own;
  }

  /** Only stands by, for all to see. */
  void standBy() {
    present(m -> new Member(m.node(), Member.Role.GUARDIAN, m.pid(), 0, ""), 0);
  }

  /**
   * Acts from now on; the others learn of it with the next {@link #announce}.
   *
   * @param incarnation 0: it has none yet
   */
  void act(long incarnation, long epoch) {
    become(m -> new Member(m.node(), Member.Role.HAM, m.pid(), incarnation, ""), epoch);
  }

  /** Is there under that incarnation, for all to see. */
  void incarnation(long incarnation) {
    present(m -> new Member(m.node(), m.role(), m.pid(), incarnation, m.address()), own.epoch());
  }

  /**
   * Can be reached there, for all to see.
   *
   * @param port of its API; -1: it serves only its own host, and nobody is told
   */
  void serves(int port) {
    if (port > 0 && config.listen().isPresent()) {
      String address = config.listen().get().reachedAt(cluster.bind().address(), port);
      present(m -> new Member(m.node(), m.role(), m.pid(), m.incarnation(), address), own.epoch());
    }
  }

  /** Tells the others. */
  void announce() {
    others.accept(own);
  }

  /** Not synchronized as a whole: nobody who waits for the bus may hold up the others here. */
  private void present(UnaryOperator<Member> change, long epoch) {
    become(change, epoch);
    announce();
  }

  private synchronized void become(UnaryOperator<Member> change, long epoch) {
    own = hello(change.apply(own.member()), epoch);
  }

  private Hello hello(Member self, long epoch) {
    String place = Sites.text(cluster.bind().address(), cluster.bind().port());
    return new Hello(Hello.VERSION, cluster.name(), papers.now().id(), self, epoch, 0, place);
  }
}
