package io.hamlet.core.recovery;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tuple;

/** Random lists of moves: mostly what makes a recovery, the rest anything. */
public final class Stories {
  private Stories() {}

  public static Arbitrary<List<Move>> any() {
    Arbitrary<Integer> number = Arbitraries.integers().between(0, 26);
    // Most stories go on when nobody stops the node and no host reboots.
    Arbitrary<Move.Kind> kind =
        Arbitraries.frequencyOf(
            Tuple.of(60, Arbitraries.of(Move.Kind.class)),
            Tuple.of(6, Arbitraries.of(Move.Kind.GRANT, Move.Kind.RIGHT_GAINED)),
            Tuple.of(
                40,
                Arbitraries.of(
                    Move.Kind.ATTACH,
                    Move.Kind.ATTACH_SELF,
                    Move.Kind.ADD_CONDITION,
                    Move.Kind.ADD_ACTION,
                    Move.Kind.ADD_RESTART,
                    Move.Kind.SAM,
                    Move.Kind.ANSWER,
                    Move.Kind.ANSWER,
                    Move.Kind.ANSWER,
                    Move.Kind.DIE,
                    Move.Kind.DIE,
                    Move.Kind.REPORT,
                    Move.Kind.RAISE)));
    Arbitrary<Move> move = Combinators.combine(kind, number, number, number).as(Move::new);
    return move.list()
        .ofMinSize(1)
        .ofMaxSize(200)
        .withSizeDistribution(RandomDistribution.uniform());
  }
}
