/**
 * The Simple Availability Manager as a pure machine (sam.md 4.2): one supervised program, what it
 * may call, when it is warned, ended and started again. Knows the model. Must not know the tree,
 * clocks or I/O. Runs on the thread of whoever owns the state, mostly the core.
 */
package io.hamlet.core.sam;
