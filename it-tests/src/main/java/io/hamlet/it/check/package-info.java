/**
 * Checkers: what must be true of a run, told from outside the product.
 *
 * <p>Knows the core's state and what a host saw. Must not know how either was made to run. Pure.
 */
package io.hamlet.it.check;
