package io.hamlet.manager.member;

import io.hamlet.core.cluster.ClusterState;
import io.hamlet.manager.port.ClusterBus;
import io.hamlet.manager.port.Directory;
import io.hamlet.manager.port.Member;
import io.hamlet.manager.runtime.ClusterLoop;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The nodes as the ledger and the bus know them together. Any thread. */
public final class Roll implements Directory, ClusterLoop.Part {
  private final String cluster;
  private final Ledger ledger;
  private final ClusterBus bus;
  private final List<Runnable> bells = new CopyOnWriteArrayList<>();
  private volatile List<Node> told = List.of();

  /**
   * @param cluster its name
   */
  public Roll(String cluster, Ledger ledger, ClusterBus bus) {
    this.cluster = cluster;
    this.ledger = ledger;
    this.bus = bus;
    ledger.listen(Ledger.Listener.waking(this::tell));
  }

  @Override
  public List<Node> nodes() {
    return Listing.of(ledger.state(), bus.view());
  }

  @Override
  public AutoCloseable onChange(Runnable bell) {
    Runnable own = () -> bell.run();
    bells.add(own);
    return () -> bells.remove(own);
  }

  @Override
  public About about() {
    ClusterState state = ledger.state();
    List<Member> view = bus.view();
    long heard =
        state.voters().keySet().stream()
            .filter(v -> view.stream().anyMatch(m -> m.node().equals(v)))
            .count();
    boolean quorate = heard > state.voters().size() / 2;
    return new About(cluster, state.id(), quorate, quorate ? leader(state) : "");
  }

  @Override
  public void viewChanged(List<Member> members) {
    tell();
  }

  private String leader(ClusterState state) {
    String known = ledger.lead().node();
    return known.isEmpty() ? state.reign().node() : known;
  }

  private void tell() {
    List<Node> now = nodes();
    if (!now.equals(told)) {
      told = now;
      bells.forEach(Runnable::run);
    }
  }
}
