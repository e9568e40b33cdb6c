/**
 * The kernel's calls by {@code java.lang.foreign}, the only place in the project that uses it.
 *
 * <p>Knows: the ABI of Linux on x86-64 and aarch64 with glibc. Must not know: what the calls are
 * for. Any thread; each thread has its own scratch memory.
 */
package io.hamlet.agent.os.ffm;
