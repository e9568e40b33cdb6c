/**
 * The basic HA daemon (sam.md 5): two files, checks, and commands to run when a host's state
 * changes. A client of the manager, like any other; what it believes and decides is in {@code
 * core}.
 */
package io.hamlet.agent.basic;
