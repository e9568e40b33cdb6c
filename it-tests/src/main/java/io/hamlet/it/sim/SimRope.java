package io.hamlet.it.sim;

import io.hamlet.manager.member.Rope;
import java.util.function.Consumer;

/** The leash of a node as one of its managers has it. One thread. */
final class SimRope implements Rope {
  private static final long MILLI = 1_000_000L;

  private final SimMember node;
  private final Consumer<io.hamlet.core.cluster.Leash> made;
  private final Runnable turned;
  private long wanted = NOTHING;
  private Standing standing;

  /**
   * @param made another leash; as the one in production, told on a thread of its own
   * @param turned it is armed now, or is not any more
   */
  SimRope(SimMember node, Consumer<io.hamlet.core.cluster.Leash> made, Runnable turned) {
    this.node = node;
    this.made = made;
    this.turned = turned;
  }

  /** There is one of that incarnation from now on; the living one if it is of it. */
  void begin(long incarnation) {
    soon(
        () -> {
          node.leash(incarnation);
          standing = new Standing(node.leash().pledge, NOTHING);
          made.accept(standing.leash());
          say();
        });
  }

  @Override
  public void cover(long deadline) {
    if (deadline != wanted) {
      wanted = deadline;
      soon(this::say);
    }
  }

  private void say() {
    if (standing != null && standing.deadline() != wanted) {
      boolean turns = (standing.deadline() == NOTHING) != (wanted == NOTHING);
      node.leash().cover(wanted == NOTHING ? Long.MAX_VALUE : wanted);
      standing = new Standing(standing.leash(), wanted);
      if (turns) {
        turned.run();
      }
    }
  }

  private void soon(Runnable what) {
    node.asManager(node.chance.nextInt(2 * (int) MILLI), what);
  }

  @Override
  public Standing standing() {
    return standing;
  }

  @Override
  public String trouble() {
    return "";
  }
}
