/**
 * The words everybody speaks: names, entities, conditions, actions, flags, processes, moments.
 *
 * <p>Knows persistent collections. Must not know any machine, let alone the world outside. Records,
 * immutable: any thread.
 */
package io.hamlet.core.model;
