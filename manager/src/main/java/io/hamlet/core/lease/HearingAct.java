package io.hamlet.core.lease;

/** What is to be done about what was heard. */
public sealed interface HearingAct {
  /** Tell the sender: its renewal is acknowledged. */
  record Acknowledge(String node, long number, long setIndex) implements HearingAct {}

  /** Tell the sender: not acknowledged, the log here has that voter set. */
  record NameSet(String node, long number, VoterSet set) implements HearingAct {}

  /**
   * Tell the sender: fenced.
   *
   * @param ageNanos see {@link HearingState#ackAge}
   */
  record SayFenced(String node, long number, long ageNanos) implements HearingAct {}

  /** Ask both managers of a node whether they are there. */
  record Ask(String node) implements HearingAct {}

  /** The node is silent: neither manager was heard. */
  record Suspect(String node, long incarnation) implements HearingAct {}

  /** A suspected node is heard. */
  record HeardAgain(String node, long incarnation) implements HearingAct {}
}
