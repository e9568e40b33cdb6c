/**
 * The loop that owns the state: takes events, writes them to the log, applies them, and hands the
 * effects to the ports.
 *
 * <p>Knows the core and the ports. Must not know Linux, gRPC, JGroups or proto. Everything here
 * runs on the core thread unless it says otherwise; nothing blocks but the one wait for events.
 */
package io.hamlet.manager.runtime;
