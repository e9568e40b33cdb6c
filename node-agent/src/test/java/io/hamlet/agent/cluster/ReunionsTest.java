package io.hamlet.agent.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.manager.port.Member;
import io.hamlet.manager.port.Member.Role;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReunionsTest {
  private final List<String> met = new ArrayList<>();
  private final Reunions reunions = new Reunions(met::add);

  @Test
  void whoIsThereAgainIsToldOnce() {
    Member a = ham("a", 1);
    Member b = ham("b", 2);
    assertThat(seen(a, b)).containsExactly("a", "b");
    assertThat(seen(a, b)).isEmpty();
    assertThat(seen(a)).isEmpty();
    assertThat(seen(a, b)).containsExactly("b");
  }

  @Test
  void anotherProcessIsAnotherHam() {
    seen(ham("a", 1));
    assertThat(seen(ham("a", 3))).containsExactly("a");
  }

  @Test
  void aGuardianDoesNotVoteAndAnAddressMoreIsNoReturn() {
    assertThat(seen(new Member("a", Role.GUARDIAN, 1, 1, ""))).isEmpty();
    seen(ham("b", 2));
    assertThat(seen(new Member("b", Role.HAM, 2, 7, "127.0.0.1:1"))).isEmpty();
  }

  private List<String> seen(Member... members) {
    met.clear();
    reunions.viewChanged(List.of(members));
    return met;
  }

  private static Member ham(String node, long pid) {
    return new Member(node, Role.HAM, pid, 0, "");
  }
}
