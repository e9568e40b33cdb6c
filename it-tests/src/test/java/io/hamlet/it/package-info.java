/**
 * What all tests share.
 *
 * <p>Knows JUnit only. It must not know any of them. On the thread of the test.
 */
package io.hamlet.it;
