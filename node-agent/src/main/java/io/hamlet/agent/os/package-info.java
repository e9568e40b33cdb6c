/**
 * What Hamlet needs of Linux, in few words: processes, descriptors, events, clocks.
 *
 * <p>Knows: numbers and bytes. Must not know: why anybody wants a signal sent, nor how the calls
 * are made (that is {@code os.ffm}). Everything here may be called by any thread.
 */
package io.hamlet.agent.os;
