/**
 * The bus between the managers of a cluster: who is there, and messages in order to each of them.
 *
 * <p>The only package that knows JGroups. Must not know what messages mean, beyond the hello. Has
 * threads of its own; whoever listens is called on them.
 */
package io.hamlet.manager.cluster;
