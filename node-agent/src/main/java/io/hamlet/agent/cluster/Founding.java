package io.hamlet.agent.cluster;

import io.hamlet.agent.config.ClusterConfig;
import io.hamlet.agent.config.NodeConfig;
import io.hamlet.manager.consensus.RatisVoter;
import io.hamlet.manager.consensus.VoterConfig;
import io.hamlet.manager.port.Consensus;
import io.hamlet.manager.tls.KeyFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * With whom this node votes: as its log has it, or with all that found the cluster, once each of
 * them was heard. Who lost its log does not found again: it would vote twice. Thread-safe.
 */
final class Founding implements Supplier<VoterConfig> {
  private final NodeConfig config;
  private final KeyFiles keys;
  private final List<String> voters;
  private final Sites sites;
  private final BooleanSupplier founded;
  private volatile String waiting = "";

  /**
   * @param keys null: without TLS, on loopback
   * @param voters who found the cluster
   * @param founded true when anybody knows of a cluster that had all founders in it
   */
  Founding(
      NodeConfig config, KeyFiles keys, List<String> voters, Sites sites, BooleanSupplier founded) {
    this.config = config;
    this.keys = keys;
    this.voters = voters;
    this.sites = sites;
    this.founded = founded;
  }

  /** Whether this node is to vote at all. */
  boolean isVoter() {
    return voters.contains(config.node()) || RatisVoter.hasBegun(directory());
  }

  /** What is waited for, with what to do; empty: nothing. */
  String waiting() {
    return waiting;
  }

  /** Null while that cannot be known. */
  @Override
  public VoterConfig get() {
    List<Consensus.Voter> founders = List.of();
    if (!RatisVoter.hasBegun(directory())) {
      founders = founders();
      if (founders.isEmpty()) {
        return null;
      }
    }
    waiting = "";
    ClusterConfig cluster = config.cluster().orElseThrow();
    return VoterConfig.of(cluster.name(), config.node(), own(), founders, directory(), keys);
  }

  /** Empty while somebody is missing. */
  private List<Consensus.Voter> founders() {
    if (founded.getAsBoolean()) {
      waiting =
          "this node is to vote, but has no log of the votes in "
              + directory()
              + ", which it must have lost: it follows the other voters until it is removed from"
              + " them and added as a new one";
      return List.of();
    }
    List<Consensus.Voter> founders = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    for (String voter : voters) {
      String at = voter.equals(config.node()) ? own() : sites.consensus(voter);
      if (at == null) {
        missing.add(voter);
      } else {
        founders.add(new Consensus.Voter(voter, at));
      }
    }
    if (missing.isEmpty()) {
      return founders;
    }
    waiting =
        "the cluster is not founded yet: not heard of so far: "
            + String.join(", ", missing)
            + "; start them with the same --voters";
    return List.of();
  }

  private Path directory() {
    return config.places().state().resolve("consensus");
  }

  private String own() {
    ClusterConfig cluster = config.cluster().orElseThrow();
    return Sites.text(cluster.bind().address(), cluster.bind().port() + Sites.CONSENSUS);
  }
}
