package io.hamlet.core.cluster;

/** Who has the right to run an entity of the cluster. */
public sealed interface Hold {
  /**
   * Nobody; it is placed as soon as a node can take it.
   *
   * @param why for people
   * @param node that had it before; empty: none yet
   */
  record Nobody(String why, String node) implements Hold {
    @Override
    public long incarnation() {
      return 0;
    }

    @Override
    public long grant() {
      return 0;
    }
  }

  /**
   * One start of one node, until it gives it back or is proved to run it no more.
   *
   * @param grant the entry that gave it
   */
  record Granted(String node, long incarnation, long grant) implements Hold {}

  /**
   * As granted, but it is to stop it and give it back.
   *
   * @param to who gets it next; empty: whoever is best then
   */
  record Leaving(String node, long incarnation, long grant, String to) implements Hold {}

  /**
   * It should have stopped it and could not: nobody else gets it without a stronger proof.
   *
   * @param to as of {@link Leaving}
   */
  record Stuck(String node, long incarnation, long grant, String why, String to) implements Hold {}

  /** Who was chosen to get it next; empty: nobody was. */
  default String next() {
    return switch (this) {
      case Leaving l -> l.to();
      case Stuck s -> s.to();
      case Nobody n -> "";
      case Granted g -> "";
    };
  }

  /** The node that has it or had it last; empty: none. */
  String node();

  /** Of the node that has it; 0: nobody has. */
  long incarnation();

  /** The grant that is out; 0: none. */
  long grant();

  /** Somebody may be running it. */
  default boolean isOut() {
    return grant() != 0;
  }
}
