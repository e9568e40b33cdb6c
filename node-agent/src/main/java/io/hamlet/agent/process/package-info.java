/**
 * Processes of this host: started through gates, watched by pidfd, ended by cgroup or group.
 *
 * <p>Knows: {@code agent.os} and the ports it implements. Must not know: the cluster, the API,
 * restart policy. State is confined to the core thread; making gates, removing cgroups and rotating
 * logs happens on a few workers. Who reaps: we alone, children by pidfd, orphans by {@link
 * io.hamlet.agent.process.Orphans}; nothing here uses {@code java.lang.Process}.
 */
package io.hamlet.agent.process;
