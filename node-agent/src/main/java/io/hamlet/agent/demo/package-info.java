/**
 * The guided demo: real processes, broken on purpose, and what was seen from outside.
 *
 * <p>Knows the SDK and where a node keeps its things. Must not know the manager: it is a customer
 * like any other. Runs on the caller's thread.
 */
package io.hamlet.agent.demo;
