/**
 * The executable: what is built, in which order, and stopped in reverse.
 *
 * <p>Knows every part of the node and the command line. Nobody knows it. Runs on the main thread.
 */
package io.hamlet.agent;
