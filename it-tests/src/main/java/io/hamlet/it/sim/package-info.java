/**
 * The simulator: the real machine and loop on pretended ports, clocks and processes, from a seed.
 *
 * <p>Knows core, ports and the loop. Must not know Linux, gRPC or real time. One thread per world.
 */
package io.hamlet.it.sim;
