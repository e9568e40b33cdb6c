package io.hamlet.client;

/** The answer to a change that has one: the value, and how far the change has got. */
public record Answer<T>(T value, Receipt receipt) {}
