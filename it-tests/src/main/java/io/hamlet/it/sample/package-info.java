/**
 * Small programs that show the client library, run by tests and by hand.
 *
 * <p>Know the client library only.
 */
package io.hamlet.it.sample;
