package io.hamlet.core.recovery;

import java.util.List;

/**
 * What an entry leads to.
 *
 * @param changed false: the state is the same object as before and the entry need not be logged
 * @param effects in the order in which they are to be performed
 */
public record Step(HamState state, boolean changed, List<Effect> effects) {}
