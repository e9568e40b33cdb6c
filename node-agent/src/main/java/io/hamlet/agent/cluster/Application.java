package io.hamlet.agent.cluster;

import io.hamlet.agent.config.NodeConfig;
import io.hamlet.manager.member.Admission;
import java.util.function.Supplier;

/** With what this node asks to be let into its cluster, and when it may ask. Thread-safe. */
final class Application implements Supplier<Admission.Applicant> {
  private final NodeConfig config;
  private final String boot;
  private final PapersFile papers;
  private final OwnHello own;
  private final Bond bond;
  private final Supplier<Council> council;
  private volatile boolean served;
  private volatile boolean roomless;

  /**
   * @param boot of this host
   * @param council there from the reign on
   */
  Application(
      NodeConfig config,
      String boot,
      PapersFile papers,
      OwnHello own,
      Bond bond,
      Supplier<Council> council) {
    this.config = config;
    this.boot = boot;
    this.papers = papers;
    this.own = own;
    this.bond = bond;
    this.council = council;
  }

  /** It is decided where this manager serves. */
  void served() {
    served = true;
  }

  /** Nothing of the cluster can be run here. Before it asks. */
  void withoutRoom() {
    roomless = true;
  }

  /** Null until it is known where this manager serves, and nothing is left of an earlier start. */
  @Override
  public Admission.Applicant get() {
    Council known = council.get();
    Papers now = known.tenancy().isSpent() ? papers.startedAnew() : papers.now();
    // What an earlier start left must be gone before this one is anything to the others.
    boolean clear = now.joined() || bond.isEmptied() && known.tenancy().isClear();
    return served && clear
        ? new Admission.Applicant(
            config.node(),
            boot,
            now.stateId(),
            now.start(),
            own.now().member().address(),
            now.incarnation(),
            roomless ? 0 : config.cluster().orElseThrow().capacity(),
            now.terms())
        : null;
  }
}
