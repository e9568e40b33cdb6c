/**
 * The two files of the basic HA daemon, from text to a {@link
 * io.hamlet.agent.basic.conf.BasicConfig} or to a list of faults. Pure: no file, clock or thread.
 */
package io.hamlet.agent.basic.conf;
