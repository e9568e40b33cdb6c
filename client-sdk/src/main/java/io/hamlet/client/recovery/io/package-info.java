/**
 * Files and sockets that heal, in the shape of the channels and streams of the JDK.
 *
 * <p>Knows {@link io.hamlet.client.recovery} and the JDK. Thread-safe.
 */
package io.hamlet.client.recovery.io;
