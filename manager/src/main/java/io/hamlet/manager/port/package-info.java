/**
 * What the manager needs from the world, in words of the core: processes, clocks, the log, signals.
 *
 * <p>Knows the core. Must not know who implements it: Linux here, a simulated host in tests. Each
 * method says which thread may call it.
 */
package io.hamlet.manager.port;
