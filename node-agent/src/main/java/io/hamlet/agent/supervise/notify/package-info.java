/**
 * The other end of sd_notify(3): what a supervised program says of itself, and who may say it.
 * Knows the kernel's sockets; nothing of SAM. The thread of the reactor.
 */
package io.hamlet.agent.supervise.notify;
