package io.hamlet.manager.api;

import io.hamlet.core.model.Entity;
import io.hamlet.core.recovery.HamState;
import io.hamlet.manager.port.BeatTable;
import io.hamlet.manager.port.Inbox;
import io.hamlet.manager.port.OutputFiles;
import io.hamlet.manager.port.ProcessControl;
import io.hamlet.manager.port.Requests;
import java.time.ZoneId;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * What the services stand on.
 *
 * @param lastBeat when an entity's last beat was counted, nanoseconds since 1970; 0: never
 * @param digest SHA-256 of a state; costs
 * @param notices what an operator should know, each with what to do
 * @param guardian what its status shows beside its pid: empty, or {@code warming}
 * @param cluster what is beyond this node; null: it is in no cluster
 */
public record Parts(
    Requests requests,
    ProcessControl processes,
    BeatTable beats,
    Inbox inbox,
    OutputFiles output,
    String version,
    ZoneId zone,
    ToLongFunction<Entity> lastBeat,
    Function<HamState, byte[]> digest,
    Supplier<List<String>> notices,
    Supplier<String> guardian,
    Cluster cluster) {}
