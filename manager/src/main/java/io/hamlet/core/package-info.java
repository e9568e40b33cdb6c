/**
 * What decides. Pure: no clock, thread, socket, file, random or log in it.
 *
 * <p>Knows {@code java.base} (a part of it) and persistent collections. Must not know anything else
 * of Hamlet. Runs on whichever thread owns the state.
 */
package io.hamlet.core;
