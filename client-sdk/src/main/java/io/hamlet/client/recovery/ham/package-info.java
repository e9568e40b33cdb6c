/**
 * What a HAM tells to recoveries: whether the server was restarted, and where it runs.
 *
 * <p>Joins {@link io.hamlet.client.recovery} to the rest of the client library. Thread-safe.
 */
package io.hamlet.client.recovery.ham;
