package io.hamlet.manager.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.manager.port.Member;
import io.hamlet.manager.port.Member.Role;
import io.hamlet.manager.wire.Hello;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Members are at letters. */
class RosterTest {
  private static final long OLD = 100;

  private final Roster<String> roster = new Roster<>("a", hello("a"), OLD);

  @Test
  void whoIsHeardBesideTheViewIsThereOnceItSaysWhoItIs() {
    roster.view(Set.of("a", "b"));
    roster.heard("b", hello("b"));
    roster.overheard("c", 0);
    assertThat(roster.members()).extracting(Member::node).containsExactly("a", "b");
    assertThat(roster.reach()).containsExactlyInAnyOrder("a", "b", "c");
    roster.heard("c", hello("c"));
    assertThat(roster.members()).extracting(Member::node).containsExactly("a", "b", "c");
    assertThat(roster.address(hello("c").member())).isEqualTo("c");
    assertThat(roster.member("c")).isEqualTo(hello("c").member());
  }

  @Test
  void itIsThereForAsLongAsItIsHeard() {
    roster.overheard("c", 0);
    roster.heard("c", hello("c"));
    roster.overheard("c", OLD / 2);
    roster.forget(OLD);
    assertThat(roster.members()).hasSize(2);
    roster.forget(OLD / 2 + OLD);
    assertThat(roster.members()).hasSize(1);
    assertThat(roster.reach()).containsExactly("a");
    assertThat(roster.member("c")).isNull();
  }

  /** Who died is told at once, however lately it was heard before. */
  @Test
  void whoLeavesTheViewIsGoneUntilItIsHeardAgain() {
    roster.view(Set.of("a", "b"));
    roster.heard("b", hello("b"));
    roster.overheard("b", 0);
    roster.view(Set.of("a"));
    assertThat(roster.members()).hasSize(1);
    roster.overheard("b", 1);
    assertThat(roster.members()).as("it has to say who it is").hasSize(1);
    roster.heard("b", hello("b"));
    assertThat(roster.members()).hasSize(2);
  }

  @Test
  void whoComesIntoTheViewDoesNotGrowOld() {
    roster.overheard("b", 0);
    roster.heard("b", hello("b"));
    roster.view(Set.of("a", "b"));
    roster.forget(10 * OLD);
    assertThat(roster.members()).hasSize(2);
  }

  /** Its view had us already, and it will not say it again by itself. */
  @Test
  void whoSaidWhoItIsBetweenTwoViewsIsAsked() {
    roster.heard("b", hello("b"));
    roster.view(Set.of("a", "c"));
    roster.view(Set.of("a", "b", "c"));
    roster.heard("c", hello("c"));
    assertThat(roster.unknown()).containsExactly("b");
    roster.heard("b", hello("b"));
    assertThat(roster.unknown()).isEmpty();
  }

  /** Both live, and each takes itself for the node: what the older one wants is not done. */
  @Test
  void ofTwoThatGoByOneNameTheOlderIsRefused() {
    Hello older = hello("d", 1, 1);
    Hello newer = hello("d", 2, 2);
    roster.view(Set.of("a", "x", "y"));
    roster.heard("x", older);
    assertThat(roster.member("x")).isEqualTo(older.member());
    roster.heard("y", newer);
    assertThat(roster.member("x")).isNull();
    assertThat(roster.address(older.member())).isNull();
    assertThat(roster.member("y")).isEqualTo(newer.member());
    assertThat(roster.members()).contains(newer.member()).doesNotContain(older.member());
    assertThat(roster.notices())
        .containsExactly(
            "CLONED: two nodes call themselves 'd'; pid 1 at an unknown place is the older and is"
                + " refused, pid 2 at an unknown place is not; stop one of them");
    roster.heard("x", older);
    assertThat(roster.member("x")).as("it says so again").isNull();
    roster.view(Set.of("a", "x"));
    assertThat(roster.notices()).isEmpty();
  }

  @Test
  void whoSeesANewerOneOfItsOwnNameSaysSo() {
    roster.view(Set.of("a", "y"));
    roster.heard("y", hello("a", 2, 2));
    assertThat(roster.notices()).hasSize(1).first().asString().startsWith("CLONED: ");
    assertThat(roster.member("y")).isNotNull();
  }

  /** Whoever takes over has the incarnation of the one before; who has just begun has none yet. */
  @Test
  void successorsAndThoseWhoHaveNotJoinedAreNoClones() {
    roster.view(Set.of("a", "x", "y", "z"));
    roster.heard("x", hello("d", 1, 1));
    roster.heard("y", hello("d", 1, 2));
    roster.heard("z", hello("d", 0, 3));
    assertThat(roster.member("x")).isNotNull();
    assertThat(roster.member("y")).isNotNull();
    assertThat(roster.member("z")).isNotNull();
    assertThat(roster.notices()).isEmpty();
  }

  @Test
  void notAnyNumberIsKept() {
    IntStream.range(0, 10_000).forEach(i -> roster.overheard("x" + i, 0));
    assertThat(roster.reach()).hasSizeLessThan(100);
  }

  private static Hello hello(String node) {
    return hello(node, 1, node.charAt(0));
  }

  private static Hello hello(String node, long incarnation, long pid) {
    Member member = new Member(node, Role.HAM, pid, incarnation, "");
    return new Hello(Hello.VERSION, "test", "", member, 1, 0, "");
  }
}
