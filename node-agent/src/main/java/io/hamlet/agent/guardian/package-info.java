/**
 * The pair: a HAM and the Guardian that stands by. Each watches the other by its pidfd and its
 * beat; the Guardian follows the live log, so that it can go on from it.
 *
 * <p>Knows the log and the replay of entries. Must not know the API, the processes of entities, or
 * how a HAM is composed: that is the root package's.
 */
package io.hamlet.agent.guardian;
