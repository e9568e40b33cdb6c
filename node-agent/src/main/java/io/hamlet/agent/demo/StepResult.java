package io.hamlet.agent.demo;

import java.util.Map;

/**
 * What one step did.
 *
 * @param step its number in cli.md 6
 * @param title what it shows, in a few words
 * @param ok whether it did what it says, seen from outside
 * @param ms from the blow to the recovery
 * @param evidence strings, numbers, booleans and lists of strings, by name
 */
public record StepResult(
    int step, String title, boolean ok, long ms, Map<String, Object> evidence) {}
