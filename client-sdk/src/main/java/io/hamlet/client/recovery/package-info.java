/**
 * Connections that heal. A program attaches a recovery function to a connection; when the server
 * dies, is restarted or is moved, the function opens the connection anew and restores its state,
 * and the call that failed is issued again. Start at {@link io.hamlet.client.recovery.Ha}.
 *
 * <p>Knows the JDK and nothing else, not even the rest of the client library. Safe for any thread;
 * a thread waits only while its own connection is being healed, virtual threads welcome.
 */
package io.hamlet.client.recovery;
