package io.hamlet.manager.consensus;

import io.hamlet.manager.port.Consensus.Voter;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;

/** Voters as Ratis knows them: a peer is named by node and life. */
final class Peers {
  private static final char MARK = '~';

  private Peers() {}

  static RaftPeerId id(Voter voter) {
    return RaftPeerId.valueOf(
        voter.life().isEmpty() ? voter.node() : voter.node() + MARK + voter.life());
  }

  static String node(RaftPeerId id) {
    return parts(id)[0];
  }

  static List<RaftPeer> of(List<Voter> voters) {
    return voters.stream()
        .map(v -> RaftPeer.newBuilder().setId(id(v)).setAddress(v.address()).build())
        .toList();
  }

  /** In order of their names. */
  static List<Voter> voters(Collection<RaftPeer> peers) {
    return peers.stream()
        .map(p -> new Voter(parts(p.getId())[0], p.getAddress(), parts(p.getId())[1]))
        .sorted(Comparator.comparing(Voter::node).thenComparing(Voter::life))
        .toList();
  }

  private static String[] parts(RaftPeerId id) {
    String text = id.toString();
    int mark = text.indexOf(MARK);
    return mark < 0
        ? new String[] {text, ""}
        : new String[] {text.substring(0, mark), text.substring(mark + 1)};
  }
}
