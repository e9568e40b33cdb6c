/** Command lines, and how a script ended. Knows nothing; nothing here runs or waits. Immutable. */
package io.hamlet.agent.script;
