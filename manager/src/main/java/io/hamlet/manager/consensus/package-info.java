/**
 * One order of commands for the voters, by Apache Ratis; nobody else imports it.
 *
 * <p>Knows the ports, the cluster loop and Ratis. Must not know what a command means. Ratis has
 * threads of its own; the machine is called by one of them at a time ({@code Lane}), the proposer
 * lives on the cluster thread.
 */
package io.hamlet.manager.consensus;
