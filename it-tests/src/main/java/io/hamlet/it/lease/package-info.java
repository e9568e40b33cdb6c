/**
 * Processes that speak in lease datagrams and do nothing else, for tests and measurements.
 *
 * <p>Knows manager.lease. Must not know a whole node. The main thread only looks and prints.
 */
package io.hamlet.it.lease;
