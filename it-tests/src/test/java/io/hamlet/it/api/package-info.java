/**
 * The API from both sides: the server over a real socket, the library, and the real core between
 * them, driven by a stand-in for the rest of the manager.
 *
 * <p>Knows everything. Nobody knows it. Tests run on the thread of the test.
 */
package io.hamlet.it.api;
