package io.hamlet.manager.api;

import io.grpc.Context;
import io.grpc.StatusException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.hamlet.core.model.Entity;
import io.hamlet.core.model.Grant;
import io.hamlet.core.model.Heartbeat;
import io.hamlet.core.model.Life;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.Refused;
import io.hamlet.core.model.Rejection;
import io.hamlet.core.recovery.Command;
import io.hamlet.core.recovery.Reply;
import io.hamlet.manager.port.BeatTable;
import io.hamlet.manager.port.Requests;
import io.hamlet.manager.wire.RequestCodec;
import io.hamlet.v1.AttachSelfRequest;
import io.hamlet.v1.AttachSelfResponse;
import io.hamlet.v1.Handle;
import java.time.Duration;
import java.util.concurrent.Executor;

/** Processes that speak for themselves: who they are, and where their beats go. Thread-safe. */
final class SelfDesk {
  private final Acting parts;
  private final ChangeDesk desk;
  private final LoopbackOwners owners;
  private final Executor answering;
  private final Executor blocking;

  SelfDesk(
      Acting parts, ChangeDesk desk, LoopbackOwners owners, Executor answering, Executor blocking) {
    this.parts = parts;
    this.desk = desk;
    this.owners = owners;
    this.answering = answering;
    this.blocking = blocking;
  }

  /** The caller, who says it has that pid. Blocks; throws Refused. */
  ProcessId caller(Peer peer, long pid) {
    if (pid <= 0) {
      throw Refused.invalid("pid: the pid of the calling process is needed");
    }
    boolean itself = peer.inode() != 0 ? owners.holds(pid, peer.inode()) : peer.pid() == pid;
    if (!itself) {
      throw new Refused(
          Rejection.Reason.NOT_PERMITTED,
          "process "
              + pid
              + " is not the one that made this connection; a process can speak for"
              + " itself only, over a connection of its own on this host");
    }
    return parts.processes().identify(pid);
  }

  void attachSelf(AttachSelfRequest request, StreamObserver<AttachSelfResponse> out) {
    ((ServerCallStreamObserver<AttachSelfResponse>) out).setOnCancelHandler(() -> {});
    Peer peer = Peer.CALL.get();
    Duration timeout = ChangeDesk.timeout();
    blocking.execute(Context.current().wrap(() -> attach(request, peer, timeout, out)));
  }

  private void attach(
      AttachSelfRequest request,
      Peer peer,
      Duration timeout,
      StreamObserver<AttachSelfResponse> out) {
    Slot slot = Slot.NONE;
    try {
      desk.checkOwn(request.getHeader());
      ProcessId caller = caller(peer, request.getPid());
      // With a slot of no importance, so that a bad request takes none.
      RequestCodec.attachSelf(request, caller, 0, 1);
      if (request.getPeriodNs() != 0) {
        slot = take(peer, caller);
      }
      Slot taken = slot;
      Command command =
          RequestCodec.attachSelf(request, caller, taken.number(), taken.generation());
      desk.submit(request.getHeader(), command, timeout)
          .whenCompleteAsync((given, e) -> answer(request, taken, given, e, out), answering);
    } catch (RuntimeException e) {
      free(slot);
      out.onError(Refusals.status(e, request.getName()));
    }
  }

  private Slot take(Peer peer, ProcessId caller) {
    Slot standing = standing(caller);
    if (standing != Slot.NONE) {
      return standing;
    }
    int number = parts.beats().take(peer.uid(), caller);
    if (number < 0) {
      throw new Refused(
          Rejection.Reason.LIMIT, "all slots for heartbeats are taken; attach without a period");
    }
    return new Slot(number, parts.beats().generation(number), true);
  }

  /** The one where that process beats already; it could not be given to another while it lives. */
  private Slot standing(ProcessId caller) {
    for (Entity entity : parts.requests().state().everyEntity()) {
      Heartbeat beat = entity.heartbeat();
      if (beat != null && entity.life() instanceof Life.Up up && up.process().equals(caller)) {
        // The manager may not know it any more: then its holder asks for another.
        boolean held = parts.beats().counter(beat.slot(), beat.generation()) >= 0;
        return held ? new Slot(beat.slot(), beat.generation(), false) : Slot.NONE;
      }
    }
    return Slot.NONE;
  }

  private void answer(
      AttachSelfRequest request,
      Slot taken,
      Requests.Answered given,
      Throwable e,
      StreamObserver<AttachSelfResponse> out) {
    StatusException refused = ChangeDesk.refusal(given, e, request.getName());
    if (refused != null) {
      // After a timeout the slot may be in use; then the death of its holder frees it.
      if (given != null && given.reply() instanceof Reply.No) {
        free(taken);
      }
      out.onError(refused);
      return;
    }
    long uid = given.reply() instanceof Reply.Handle handle ? handle.uid() : 0;
    Slot used = used(attached(new Name(request.getName()), uid), taken);
    if (!used.isSameAs(taken)) {
      free(taken); // A repeated request: the first has taken another.
    }
    AttachSelfResponse.Builder response =
        AttachSelfResponse.newBuilder()
            .setHeader(desk.header(request.getHeader(), given))
            .setHandle(handle(request, uid));
    if (used != Slot.NONE) {
      response.setSlot(used.number()).setGeneration(used.generation());
      BeatTable.Location place = parts.beats().locate(used.number());
      if (place != null) {
        response.setTable(place.path()).setOffset(place.offset());
      }
    }
    out.onNext(response.build());
    out.onCompleted();
  }

  /** Under its own name, or as the cluster's under the local one; null: it is gone already. */
  private Entity attached(Name name, long uid) {
    Entity own = parts.requests().state().entity(name);
    if (own != null && own.uid() == uid) {
      return own;
    }
    Entity tenant = Grant.fits(name) ? parts.requests().state().entity(Grant.local(name)) : null;
    return tenant != null && tenant.uid() == uid ? tenant : null;
  }

  private static Slot used(Entity entity, Slot taken) {
    if (taken == Slot.NONE || entity == null || entity.heartbeat() == null) {
      return taken;
    }
    return new Slot(entity.heartbeat().slot(), entity.heartbeat().generation(), false);
  }

  private Handle handle(AttachSelfRequest request, long uid) {
    return Handle.newBuilder()
        .setNode(parts.requests().state().node())
        .setPath(request.getName())
        .setUid(uid)
        .setPid(request.getPid())
        .build();
  }

  private void free(Slot slot) {
    if (slot.fresh()) {
      parts.beats().free(slot.number(), slot.generation());
    }
  }

  /**
   * A place for beats.
   *
   * @param fresh taken for this request
   */
  private record Slot(int number, long generation, boolean fresh) {
    static final Slot NONE = new Slot(-1, 0, false);

    boolean isSameAs(Slot other) {
      return number == other.number && generation == other.generation;
    }
  }
}
