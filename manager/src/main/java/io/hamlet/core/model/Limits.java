package io.hamlet.core.model;

/**
 * Bounds of the tree: beyond them a request is refused with LIMIT, and nothing grows without end.
 *
 * @param queuedOccurrences true conditions waiting in one lane; more are dropped and reported
 * @param errandsPerNode under way to one other node; the action that wants one more fails
 * @param errandsKept that are remembered of one tree that asks; more are refused
 */
public record Limits(
    int entities,
    int conditionsPerEntity,
    int actionsPerCondition,
    int failItemsPerAction,
    int queuedOccurrences,
    int clients,
    int unansweredPerClient,
    int channels,
    int pulsesPerChannel,
    int errandsPerNode,
    int errandsKept) {
  public static final Limits DEFAULT =
      new Limits(100_000, 1_000, 1_000, 100, 10_000, 1_024, 4_096, 4_096, 4_096, 1_024, 16_384);
}
