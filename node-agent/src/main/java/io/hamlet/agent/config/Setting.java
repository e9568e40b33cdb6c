package io.hamlet.agent.config;

/**
 * A value with the place it came from.
 *
 * @param where such as {@code hamlet.conf:3:9} or {@code --listen}
 */
record Setting(String value, String where) {}
