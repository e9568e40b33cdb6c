/**
 * A manager that kills itself at a chosen place, made of the production classes as they are loaded:
 * the product has no switch for that.
 *
 * <p>Knows the two methods that all appends and all effects go through. Must not be known by
 * anything but the tests that kill.
 */
package io.hamlet.it.crash;
