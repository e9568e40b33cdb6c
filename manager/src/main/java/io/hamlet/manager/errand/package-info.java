/**
 * Effects for other nodes on their way: asked, asked again, done there once, and reported.
 *
 * <p>Knows core, wire, the ports and the cluster's loop. Must not know how the bus works, nor
 * decide what an outcome means: that is the core's. The thread of a tree asks and reports, threads
 * of the bus receive, the cluster thread repeats.
 */
package io.hamlet.manager.errand;
