package io.hamlet.core.model;

/**
 * Names a request of a client, so that a repetition is answered and not repeated.
 *
 * @param client drawn at random by the client when it starts, never 0
 * @param sequence counts the requests of that client from 1
 * @param answeredBelow the client has the answers of all its requests below this number and will
 *     not repeat them
 */
public record RequestId(long client, long sequence, long answeredBelow) {}
