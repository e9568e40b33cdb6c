/**
 * What travels, in both directions: proto and core.
 *
 * <p>Knows proto and {@code core}. Must not know ports, threads or files. Total on any input: a
 * {@link io.hamlet.core.model.Refused} names the field. Any thread.
 */
package io.hamlet.manager.wire;
