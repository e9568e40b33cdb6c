/**
 * Looks at a program from outside: does it answer? Knows how to run scripts; nothing of SAM, and
 * not what follows from a finding. Each prober has a thread of its own.
 */
package io.hamlet.agent.supervise.health;
