/**
 * Stand-ins for the ports, with the manners of the real ones and no machine behind them.
 *
 * <p>Knows the core and the ports. Must not know Linux, gRPC or files. Each class says its thread.
 */
package io.hamlet.it.sim;
