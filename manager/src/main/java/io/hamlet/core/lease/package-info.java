/**
 * Who is still there, and who may still run: leases that a majority of the voters acknowledges.
 *
 * <p>Knows nothing but itself and persistent collections. Must not know datagrams, clocks, threads.
 * Pure; runs on whichever thread owns the state. Times are CLOCK_BOOTTIME of one node, never of
 * two.
 */
package io.hamlet.core.lease;
