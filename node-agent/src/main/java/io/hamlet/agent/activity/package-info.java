/**
 * The activity log: log actions and the manager's own messages in one stream (ham.md 7.4).
 *
 * <p>Knows core types and the port it implements. Must not know what a line means. Any thread.
 */
package io.hamlet.agent.activity;
