/**
 * What the basic HA daemon believes and decides. Deterministic: no clock, file or thread; time
 * comes in with each call, and what is to be done goes out as {@link
 * io.hamlet.agent.basic.core.Deed}.
 */
package io.hamlet.agent.basic.core;
