/**
 * The brain of a tree: an entry goes in, the next state and the effects come out.
 *
 * <p>Knows the model. Must not know clocks, threads, files, logs, or who calls it. Pure and
 * immutable: any thread, one at a time per tree.
 */
package io.hamlet.core.recovery;
