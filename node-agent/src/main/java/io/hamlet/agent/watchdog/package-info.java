/**
 * The watchdog of the host (sam.md 4.7): petted while the manager is well and no program asks for
 * another thing. Knows the kernel and what is published. Must not know how programs are supervised.
 * A thread of its own, which waits for the core and nobody for it.
 */
package io.hamlet.agent.watchdog;
