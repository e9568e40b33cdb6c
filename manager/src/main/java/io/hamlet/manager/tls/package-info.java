/**
 * Certificate, key and authority of this manager, and whom it believes: shared by all that speak
 * TLS here, whichever library they speak it with.
 *
 * <p>Knows the JDK. Must not know what is said over TLS. Thread-safe.
 */
package io.hamlet.manager.tls;
