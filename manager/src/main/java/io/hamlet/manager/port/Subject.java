package io.hamlet.manager.port;

/** What a message on the bus is about; each has one receiver on a node. The order is the wire's. */
public enum Subject {
  /** Who a member is; empty: the question. The bus itself reads it. */
  HELLO,
  /** Effects that another node is asked to perform, and what came of them. */
  ERRAND,
  /** Pulls of a node's log, and what is pulled. */
  REPLICA,
  /** Commands on their way to the leader, and its answers. */
  PROPOSAL,
  /** The cluster tree on its way to those who do not vote. */
  CLUSTER_TREE,
  /** What the voters know of a silent node. */
  INQUIRY,
  /** What founders know of each other before they found. */
  FOUNDING,
  /** What the voters have acknowledged to a fenced node. */
  FENCE,
  /** Who is to vote, and who has taken a seat. */
  SEAT
}
