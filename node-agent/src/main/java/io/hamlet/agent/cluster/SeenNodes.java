package io.hamlet.agent.cluster;

import io.hamlet.manager.port.Directory;
import io.hamlet.manager.port.Member;
import io.hamlet.manager.runtime.ClusterLoop;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The nodes as the bus shows them: who is seen is up, and who was seen before is lost. */
final class SeenNodes implements Directory, ClusterLoop.Part {
  private final String cluster;
  private final List<String> voters;
  private final List<Runnable> bells = new CopyOnWriteArrayList<>();
  private final Map<String, Node> known = new TreeMap<>();
  private volatile List<Node> shown = List.of();

  SeenNodes(String cluster, List<String> voters) {
    this.cluster = cluster;
    this.voters = voters;
  }

  @Override
  public void viewChanged(List<Member> members) {
    known.replaceAll((name, node) -> lost(node));
    for (Member member : members) {
      known.merge(member.node(), of(member), SeenNodes::with);
    }
    List<Node> now = List.copyOf(known.values());
    if (!now.equals(shown)) {
      shown = now;
      bells.forEach(Runnable::run);
    }
  }

  @Override
  public List<Node> nodes() {
    return shown;
  }

  @Override
  public AutoCloseable onChange(Runnable bell) {
    bells.add(bell);
    return () -> bells.remove(bell);
  }

  @Override
  public About about() {
    long heard =
        shown.stream().filter(n -> n.voter() && n.state() == State.UP && n.hamPid() != 0).count();
    return new About(cluster, "", heard > voters.size() / 2, "");
  }

  private Node of(Member member) {
    boolean acts = member.role() == Member.Role.HAM;
    return new Node(
        member.node(),
        State.UP,
        voters.contains(member.node()),
        acts ? member.pid() : 0,
        acts ? 0 : member.pid(),
        acts ? member.address() : "",
        member.incarnation());
  }

  /** A Guardian alone tells no address: the one before is kept, and calls wait in its queue. */
  private static Node with(Node before, Node seen) {
    return new Node(
        seen.name(),
        State.UP,
        seen.voter(),
        Math.max(before.hamPid(), seen.hamPid()),
        Math.max(before.guardianPid(), seen.guardianPid()),
        seen.address().isEmpty() ? before.address() : seen.address(),
        Math.max(before.incarnation(), seen.incarnation()));
  }

  private static Node lost(Node node) {
    return new Node(
        node.name(), State.LOST, node.voter(), 0, 0, node.address(), node.incarnation());
  }
}
