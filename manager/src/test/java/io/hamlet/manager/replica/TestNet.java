package io.hamlet.manager.replica;

import io.hamlet.manager.port.ClusterBus;
import io.hamlet.manager.port.Member;
import io.hamlet.manager.port.Subject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Links between members, in memory; what happens on them is for the test to say. One thread. */
final class TestNet {
  private final Map<String, Member> members = new TreeMap<>();
  private final Map<String, Receiver> receivers = new HashMap<>();
  private final Map<String, ArrayDeque<byte[]>> links = new TreeMap<>();
  private final Map<String, Member[]> ends = new HashMap<>();

  /** Who gets what arrives. */
  interface Receiver {
    void received(Member from, byte[] message);
  }

  void join(Member member, Receiver receiver) {
    members.put(member.node(), member);
    receivers.put(member.node(), receiver);
  }

  void leave(String node) {
    members.remove(node);
    receivers.remove(node);
    links.keySet().removeIf(link -> link.startsWith(node + ">") || link.endsWith(">" + node));
  }

  List<Member> view() {
    return new ArrayList<>(members.values());
  }

  /** The bus as one member has it. */
  ClusterBus bus(Member own) {
    return new ClusterBus() {
      @Override
      public boolean send(Member to, Subject subject, byte[] message) {
        boolean there = own.equals(members.get(own.node())) && to.equals(members.get(to.node()));
        if (there) {
          String link = own.node() + ">" + to.node();
          links.computeIfAbsent(link, name -> new ArrayDeque<>()).add(message);
          ends.put(link, new Member[] {own, to});
        }
        return there;
      }

      @Override
      public List<Member> view() {
        return TestNet.this.view();
      }
    };
  }

  /** Links on which something is on its way. */
  List<String> busy() {
    return links.entrySet().stream()
        .filter(link -> !link.getValue().isEmpty())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** The oldest message of a link arrives, changed as the test says. */
  void deliver(String link, java.util.function.UnaryOperator<byte[]> change) {
    deliver(link, links.get(link).poll(), change);
  }

  /** The oldest message of a link arrives and will arrive once more. */
  void deliverTwice(String link) {
    byte[] message = links.get(link).peek();
    deliver(link, message, bytes -> bytes);
  }

  private void deliver(
      String link, byte[] message, java.util.function.UnaryOperator<byte[]> change) {
    Member[] fromTo = ends.get(link);
    Receiver receiver = receivers.get(fromTo[1].node());
    if (message != null && receiver != null) {
      receiver.received(fromTo[0], change.apply(message));
    }
  }

  /** The connection is made anew; what was on its way is gone. */
  void lose(String link) {
    links.get(link).clear();
  }
}
