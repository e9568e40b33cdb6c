/**
 * When is an entity that beats no longer well? One beating life, its misses and its latched health.
 *
 * <p>Knows {@code core.model}. Must not know where beats are counted, clocks or timers. Pure; runs
 * on whichever thread owns the state.
 */
package io.hamlet.core.heartbeat;
