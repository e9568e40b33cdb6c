package io.hamlet.client;

import java.time.Duration;

/**
 * The heartbeat contract of a process that attaches itself (ham.md 5).
 *
 * @param period at least 1 ms; in each there must be a beat
 * @param lowMark misses in a row that fire beat-missed-low; 0: never
 * @param highMark misses in a row that fire beat-missed-high; 0: never; else at least lowMark
 */
public record Heartbeat(Duration period, int lowMark, int highMark) {}
