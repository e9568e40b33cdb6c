package io.hamlet.client;

/**
 * What is known about a change that was made.
 *
 * @param node whose manager made it
 * @param ack how far it had got when the answer was sent; less than what was asked for means that
 *     the level was not reached in time, and the change stands all the same
 * @param warning for people; empty when all is well
 */
public record Receipt(String node, Ack ack, String warning) {}
