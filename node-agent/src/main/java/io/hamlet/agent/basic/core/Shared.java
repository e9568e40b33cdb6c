package io.hamlet.agent.basic.core;

import io.hamlet.agent.script.Raw;

/**
 * A result that the daemons of a cluster tell each other.
 *
 * @param node where it was found
 * @param scope of the check; empty: somebody submitted it
 * @param host that it is about
 * @param state that was submitted beside the output; empty: none
 */
public record Shared(String node, String check, String scope, String host, Raw raw, String state) {}
