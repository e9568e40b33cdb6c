package io.hamlet.client;

/** A pulse that arrived. */
public record Pulse(int code, long value) {}
