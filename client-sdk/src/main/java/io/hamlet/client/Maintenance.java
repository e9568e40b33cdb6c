package io.hamlet.client;

import java.time.Instant;

/**
 * Somebody works on something: nothing of it is placed or relocated.
 *
 * @param scope {@code cluster}, {@code node:NODE} or {@code entity:NAME}
 * @param owner by whom; one owner has one maintenance of one scope
 * @param until ends by itself then; null: when it is ended
 */
public record Maintenance(String scope, String owner, String reason, Instant until) {}
