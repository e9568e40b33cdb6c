/**
 * The rules of the house, as tests: who may know whom, what the core must never touch, tidiness and
 * format.
 *
 * <p>Knows the compiled classes and the files of all modules, as data. Must not know what any of
 * them does. Runs on the test thread.
 */
package io.hamlet.it.house;
