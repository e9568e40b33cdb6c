package io.hamlet.manager.api;

import io.hamlet.core.model.Entity;
import io.hamlet.core.model.RequestId;
import io.hamlet.core.recovery.Command;
import io.hamlet.core.recovery.HamState;
import io.hamlet.manager.port.Ack;
import io.hamlet.manager.port.BeatTable;
import io.hamlet.manager.port.History;
import io.hamlet.manager.port.Inbox;
import io.hamlet.manager.port.Messages;
import io.hamlet.manager.port.OutputFiles;
import io.hamlet.manager.port.ProcessControl;
import io.hamlet.manager.port.Requests;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * The parts that the services stand on just now: a server is made before the one who acts is there.
 * Services may keep what they get here, but for processes, beats and inbox. Thread-safe.
 */
final class Acting {
  private volatile Parts now;
  private final Requests requests = new Relay();

  Acting(Parts first) {
    now = first;
  }

  /** From the next call on. The cluster is that of the first. */
  void become(Parts next) {
    now = next;
  }

  Requests requests() {
    return requests;
  }

  ProcessControl processes() {
    return now.processes();
  }

  BeatTable beats() {
    return now.beats();
  }

  Inbox inbox() {
    return now.inbox();
  }

  OutputFiles output() {
    return entity -> now.output().of(entity);
  }

  String version() {
    return now.version();
  }

  ZoneId zone() {
    return now.zone();
  }

  ToLongFunction<Entity> lastBeat() {
    return entity -> now.lastBeat().applyAsLong(entity);
  }

  Function<HamState, byte[]> digest() {
    return state -> now.digest().apply(state);
  }

  Supplier<List<String>> notices() {
    return () -> now.notices().get();
  }

  Supplier<String> guardian() {
    return () -> now.guardian().get();
  }

  Cluster cluster() {
    return now.cluster();
  }

  private final class Relay implements Requests {
    @Override
    public CompletableFuture<Answered> submit(
        RequestId id, Command command, Ack wanted, Duration timeout) {
      return now.requests().submit(id, command, wanted, timeout);
    }

    @Override
    public HamState state() {
      return now.requests().state();
    }

    @Override
    public long durableIndex() {
      return now.requests().durableIndex();
    }

    @Override
    public History history() {
      return now.requests().history();
    }

    @Override
    public Messages messages() {
      return now.requests().messages();
    }
  }
}
