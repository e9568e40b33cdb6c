package io.hamlet.manager.member;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.manager.member.Founding.Book;
import io.hamlet.manager.member.Founding.Verdict;
import io.hamlet.manager.port.ClusterBus;
import io.hamlet.manager.port.Member;
import io.hamlet.manager.port.Subject;
import io.hamlet.manager.wire.FounderPage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FoundingTest {
  private static final List<String> FOUNDERS = List.of("a", "b", "c");

  private record Letter(String from, String to, byte[] bytes) {}

  private final Map<String, Founding> nodes = new TreeMap<>();
  private final Map<String, Book> states = new TreeMap<>();
  private final TreeSet<String> logs = new TreeSet<>();

  /** Who takes its seat later. */
  private final TreeSet<String> slow = new TreeSet<>();

  private final List<Letter> post = new ArrayList<>();
  private long now;
  private int drawn;

  @Test
  void allThatStartTogetherFound() {
    FOUNDERS.forEach(this::start);
    settle();
    assertThat(nodes.values()).allMatch(n -> n.verdict() == Verdict.FOUNDER);
    assertThat(nodes.get("a").notice()).isEmpty();
    assertThat(states.values()).allMatch(Book::begun);
  }

  @Test
  void theyNeedNotBeThereAtOnceButEachMustHaveMetTheOthers() {
    start("a");
    start("b");
    settle();
    assertThat(nodes.get("a").verdict()).isEqualTo(Verdict.OPEN);
    assertThat(nodes.get("a").notice()).contains("b, c have not agreed", "--voters");
    nodes.remove("b");
    start("c");
    settle();
    assertThat(nodes.get("c").verdict()).isEqualTo(Verdict.OPEN);
    start("b");
    settle();
    assertThat(nodes.values()).allMatch(n -> n.verdict() == Verdict.FOUNDER);
  }

  @Test
  void aSoleVoterAsksNobody() {
    Founding sole = new Founding("s", List.of("s"), book("s"), false, bus("s"), b -> {}, () -> {});
    assertThat(sole.verdict()).isEqualTo(Verdict.FOUNDER);
  }

  @Test
  void whoLostItsStateIsToldByAnyOther() {
    FOUNDERS.forEach(this::start);
    settle();
    lose("b");
    nodes.remove("a");
    start("b");
    assertThat(nodes.get("b").verdict()).isEqualTo(Verdict.OPEN);
    settle();
    assertThat(nodes.get("b").verdict()).isEqualTo(Verdict.LOST);
    assertThat(nodes.get("b").notice()).contains("as c knows", "ham voter remove b");
  }

  @Test
  void withoutTheOthersWhoLostItsStateWaits() {
    FOUNDERS.forEach(this::start);
    settle();
    lose("b");
    nodes.clear();
    start("b");
    settle();
    assertThat(nodes.get("b").verdict()).isEqualTo(Verdict.OPEN);
  }

  @Test
  void whoLostOnlyItsLogKnowsItself() {
    FOUNDERS.forEach(this::start);
    settle();
    logs.remove("b");
    start("b");
    assertThat(nodes.get("b").verdict()).isEqualTo(Verdict.LOST);
    start("c");
    assertThat(nodes.get("c").verdict()).isEqualTo(Verdict.FOUNDER);
  }

  @Test
  void whoEndsBetweenTheAgreementAndItsFirstVoteFoundsAfterAll() {
    FOUNDERS.forEach(this::start);
    slow.add("b");
    settle();
    assertThat(nodes.get("b").verdict()).isEqualTo(Verdict.FOUNDER);
    start("b");
    slow.clear();
    settle();
    assertThat(nodes.get("b").notice()).isEmpty();
    assertThat(nodes.get("b").verdict()).isEqualTo(Verdict.FOUNDER);
    assertThat(states.get("b").begun()).isTrue();
  }

  @Test
  void whoEndsWithAStorageThatHasNotVotedFoundsAfterAll() {
    FOUNDERS.forEach(this::start);
    slow.add("b");
    settle();
    logs.add("b");
    start("b");
    assertThat(nodes.get("b").verdict()).isEqualTo(Verdict.FOUNDER);
    slow.clear();
    settle();
    assertThat(states.get("b").begun()).isTrue();
  }

  @Test
  void garbageAndStrangersChangeNothing() {
    start("a");
    nodes.get("a").received(member("b"), Subject.FOUNDING, new byte[] {1, 2, 3});
    byte[] strange = new FounderPage(new TreeMap<>(book("x").marks()), true).encode();
    nodes.get("a").received(member("x"), Subject.FOUNDING, strange);
    start("b");
    start("c");
    settle();
    assertThat(nodes.values()).allMatch(n -> n.verdict() == Verdict.FOUNDER);
  }

  /** Whatever is lost and whenever they meet, nobody founds who has founded before. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void nobodyFoundsTwice(long seed) {
    Random chance = new Random(seed);
    for (int life = 0; life < 300; life++) {
      nodes.clear();
      post.clear();
      states.clear();
      logs.clear();
      slow.clear();
      String unlucky = FOUNDERS.get(chance.nextInt(3));
      int when = chance.nextInt(60);
      for (int step = 0; step < 120; step++) {
        String node = FOUNDERS.get(chance.nextInt(3));
        if (step == when) {
          lose(unlucky);
        } else if (chance.nextInt(4) == 0) {
          if (nodes.remove(node) == null) {
            start(node);
          }
          slow.remove(node);
        } else if (chance.nextInt(10) == 0) {
          slow.add(node);
        } else {
          deliver(chance);
        }
        if (step > when && logs.contains("was " + unlucky)) {
          assertThat(logs).as("%s of life %d", unlucky, life).doesNotContain(unlucky);
        }
      }
    }
  }

  private void lose(String node) {
    nodes.remove(node);
    states.remove(node);
    post.removeIf(l -> l.to.equals(node));
    if (logs.remove(node)) {
      logs.add("was " + node);
    }
  }

  private void start(String node) {
    Book book = states.computeIfAbsent(node, this::book);
    Founding made =
        new Founding(
            node,
            FOUNDERS,
            book,
            logs.contains(node),
            bus(node),
            b -> states.put(node, b),
            () -> {});
    nodes.put(node, made);
  }

  private Book book(String node) {
    return new Book(Map.of(node, "%016x".formatted(++drawn)), false);
  }

  private void settle() {
    Random chance = new Random(1);
    for (int i = 0; i < 200; i++) {
      deliver(chance);
    }
  }

  /** One letter, of those first that one wrote to the other; lost if nobody is there. */
  private void deliver(Random chance) {
    now += 100_000_000L;
    nodes.values().forEach(n -> n.due(now));
    if (!post.isEmpty()) {
      Letter any = post.get(chance.nextInt(post.size()));
      Letter first =
          post.stream()
              .filter(l -> l.from.equals(any.from) && l.to.equals(any.to))
              .findFirst()
              .orElseThrow();
      post.remove(first);
      Founding to = nodes.get(first.to);
      if (to != null) {
        to.received(member(first.from), Subject.FOUNDING, first.bytes);
      }
    }
    nodes.forEach(
        (name, node) -> {
          if (node.verdict() == Verdict.FOUNDER && !slow.contains(name)) {
            logs.add(name);
            node.begin();
          }
        });
  }

  private static Member member(String node) {
    return new Member(node, Member.Role.HAM, 1, 1, "");
  }

  private ClusterBus bus(String from) {
    return new ClusterBus() {
      @Override
      public boolean send(Member to, Subject subject, byte[] message) {
        return post.add(new Letter(from, to.node(), message));
      }

      @Override
      public List<Member> view() {
        return nodes.keySet().stream().map(FoundingTest::member).toList();
      }
    };
  }
}
