/**
 * Runs a program to its end, with a limit of time and of output, and leaves nothing of it behind.
 * Knows the kernel; not why a program is run. The thread that asks, one for each run.
 */
package io.hamlet.agent.script.run;
