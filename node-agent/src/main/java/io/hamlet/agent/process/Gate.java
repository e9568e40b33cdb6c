package io.hamlet.agent.process;

import io.hamlet.core.model.ProcessId;

/**
 * A shell that waits for its script and will then become a program (architecture.md 2).
 *
 * @param pidfd ours
 * @param script write end of its standard input; nobody else has it
 * @param status read end: end-of-file when the gate has become its program, or is dead
 * @param home its cgroup; empty: none, its process group is its own pid
 */
record Gate(ProcessId process, int pidfd, int script, int status, String home) {}
