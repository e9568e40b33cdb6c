/**
 * Real nodes for tests: the program as a user starts it, killed and looked at from outside.
 *
 * <p>Knows the client library and /proc. Must not know the manager. The thread of the test.
 */
package io.hamlet.it.live;
