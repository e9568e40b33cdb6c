package io.hamlet.agent.cluster;

import io.hamlet.agent.config.ClusterConfig;
import io.hamlet.agent.config.NodeConfig;
import io.hamlet.agent.config.Tls;
import io.hamlet.manager.consensus.RatisVoter;
import io.hamlet.manager.consensus.VoterConfig;
import io.hamlet.manager.member.Founding;
import io.hamlet.manager.port.Consensus;
import io.hamlet.manager.tls.KeyFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * With whom this node votes: as its log has it, with all founders when they have agreed to found,
 * or with whoever adds it. Thread-safe.
 */
final class Candidacy implements Supplier<VoterConfig> {
  private final NodeConfig config;
  private final KeyFiles keys;
  private final List<String> voters;
  private final Founding founding;
  private final Sites sites;
  private volatile boolean invited;

  /**
   * @param keys null: without TLS, on loopback
   * @param voters who found the cluster
   * @param founding null: this node is no founder
   */
  Candidacy(NodeConfig config, KeyFiles keys, List<String> voters, Founding founding, Sites sites) {
    this.config = config;
    this.keys = keys;
    this.voters = voters;
    this.founding = founding;
    this.sites = sites;
  }

  /** The leader adds it as soon as it is ready to vote. */
  void invite() {
    invited = true;
  }

  /** It votes next: from now on without its log it has lost it. */
  void begin(VoterConfig known) throws IOException {
    RatisVoter.prepare(known);
    try {
      if (founding != null) {
        founding.begin();
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** It was removed, and has ended: what it has voted with counts no more. */
  void clear() throws IOException {
    invited = false;
    RatisVoter.clear(directory(config));
  }

  /** Why it does not vote although the others count it, with what to do; empty: no reason known. */
  String notice() {
    if (founding != null) {
      return founding.notice();
    }
    return RatisVoter.hasBegun(directory(config))
        ? ""
        : "this node does not vote: what it voted with is lost; remove it from the voters and add"
            + " it as a new one (ham voter remove %s, ham voter add %s)"
                .formatted(config.node(), config.node());
  }

  /** Null while that cannot be known. */
  @Override
  public VoterConfig get() {
    List<Consensus.Voter> founders = List.of();
    if (!RatisVoter.hasBegun(directory(config)) && !invited) {
      founders = founders();
      if (founders.isEmpty()) {
        return null;
      }
    }
    String cluster = config.cluster().orElseThrow().name();
    return VoterConfig.of(cluster, config.node(), own(), founders, directory(config), keys);
  }

  /** Empty while they have not agreed. */
  private List<Consensus.Voter> founders() {
    if (founding == null || founding.verdict() != Founding.Verdict.FOUNDER) {
      return List.of();
    }
    List<Consensus.Voter> founders = new ArrayList<>();
    for (String voter : voters) {
      String at = voter.equals(config.node()) ? own() : sites.consensus(voter);
      if (at == null) {
        return List.of();
      }
      founders.add(new Consensus.Voter(voter, at));
    }
    return founders;
  }

  /** What it speaks TLS with; null: it does not, on loopback. Throws IOException. */
  static KeyFiles keys(NodeConfig config) throws IOException {
    Tls tls = config.tls().orElse(null);
    return tls == null ? null : KeyFiles.read(tls.cert(), tls.key(), tls.ca());
  }

  /** Where a node keeps what it votes with. */
  static Path directory(NodeConfig config) {
    return config.places().state().resolve("consensus");
  }

  private String own() {
    ClusterConfig cluster = config.cluster().orElseThrow();
    return Sites.text(cluster.bind().address(), cluster.bind().port() + Sites.CONSENSUS);
  }
}
