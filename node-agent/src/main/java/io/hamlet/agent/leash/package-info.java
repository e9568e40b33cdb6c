/**
 * The leash: a shell that ends what only one node may run when both managers cannot
 * (architecture.md 3); its script is a resource beside this package.
 *
 * <p>Knows the system calls, how a file is put in a place, and how a secret is made. Must not know
 * leases, consensus, or the entities. {@link Leash} has a thread of its own.
 */
package io.hamlet.agent.leash;
