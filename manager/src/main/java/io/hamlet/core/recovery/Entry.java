package io.hamlet.core.recovery;

import io.hamlet.core.model.EntryId;
import io.hamlet.core.model.Moment;

/** One entry of the log of a tree: which, when by its writer's clocks, and what. */
public record Entry(EntryId id, Moment at, HamEvent event) {}
