package io.hamlet.manager.api;

import io.hamlet.core.model.Moment;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.Refused;
import io.hamlet.core.model.Rejection;
import io.hamlet.core.recovery.Command;
import io.hamlet.core.sam.Blob;
import io.hamlet.core.sam.SamBook;
import io.hamlet.core.sam.SamCall;
import io.hamlet.core.sam.SamCalls;
import io.hamlet.core.sam.SamGroup.Member;
import io.hamlet.core.sam.SamProcess;
import io.hamlet.manager.port.Requests;
import io.hamlet.manager.wire.SamRequestCodec;
import io.hamlet.manager.wire.SamView;
import io.hamlet.v1.SamHandle;
import io.hamlet.v1.SamListRequest;
import io.hamlet.v1.SamListResponse;
import io.hamlet.v1.SamProgram;
import io.hamlet.v1.SamRestoreDataRequest;
import io.hamlet.v1.SamRestoreDataResponse;

/** What is answered from the state of supervised programs, without an entry. Thread-safe. */
final class SamDesk {
  private final Requests requests;
  private final KeptData kept;

  SamDesk(Requests requests, KeptData kept) {
    this.requests = requests;
    this.kept = kept;
  }

  /** Notes a message; throws Refused when it makes no sense now. */
  void heartbeat(SamHandle program) {
    SamProcess p = current(program);
    SamCalls.checkHeartbeat(p);
    requests.messages().heard(p.uid(), p.instance());
  }

  SamRestoreDataResponse restore(SamRestoreDataRequest request) {
    SamProcess p = kept.with(current(request.getProgram()));
    boolean bounded = request.hasRoom() && !request.getSizeOnly();
    Blob data = SamCalls.restore(p, bounded ? request.getRoom() : Long.MAX_VALUE);
    SamRestoreDataResponse.Builder b = SamRestoreDataResponse.newBuilder().setSize(data.size());
    if (!request.getSizeOnly()) {
      b.setData(com.google.protobuf.ByteString.copyFrom(data.bytes()));
    }
    return b.build();
  }

  SamListResponse list(SamListRequest request) {
    SamBook book = requests.state().sam();
    SamListResponse.Builder b =
        SamListResponse.newBuilder().setNode(requests.state().node()).setQuorate(book.quorate());
    Name wanted = request.getName().isEmpty() ? null : new Name(request.getName());
    for (SamProcess p : book.processes().values()) {
      if (wanted == null || wanted.equals(p.name())) {
        b.addPrograms(view(p));
      }
    }
    return b.build();
  }

  /** The program, whichever instance asks; throws Refused when there is none. */
  SamProcess find(SamHandle program) {
    SamProcess p = requests.state().sam().find(SamRequestCodec.name(program));
    if (p == null) {
      throw new Refused(
          Rejection.Reason.BAD_HANDLE,
          "there is no supervised program '" + program.getName() + "'; 'ham sam list' shows them");
    }
    return p;
  }

  /** What of that program the cluster keeps, or null: it is this node's. Throws as a store does. */
  Command storeInCluster(SamHandle program, SamCall.StoreData call) {
    SamProcess p = current(program);
    return kept.store(p, call);
  }

  /** The cluster has stored what it said, which is a message as well. */
  void stored(SamHandle program) {
    SamProcess p = requests.state().sam().find(SamRequestCodec.name(program));
    if (p != null) {
      requests.messages().heard(p.uid(), p.instance());
    }
  }

  /** The program, or null; throws Refused when another instance asks. */
  private SamProcess current(SamHandle program) {
    SamProcess p = requests.state().sam().find(SamRequestCodec.name(program));
    String token = SamRequestCodec.token(program);
    if (p != null && !token.isEmpty() && !token.equals(p.token())) {
      throw new Refused(
          Rejection.Reason.NOT_PERMITTED,
          "program.token: this is not the present instance of '" + p.name() + "'");
    }
    return p;
  }

  /** That instance, which must be there to be of a group; throws Refused when it is not. */
  SamProcess speaking(SamHandle program) {
    SamProcess p = current(program);
    if (p == null
        || !requests.state().sam().speaks(new Member("", p.name(), p.uid(), p.instance()))) {
      throw new Refused(
          Rejection.Reason.BAD_HANDLE,
          "'" + program.getName() + "' is not supervised here now, and can be in no group");
    }
    return p;
  }

  private SamProgram view(SamProcess p) {
    Moment heard = requests.messages().newest(p.uid());
    return SamView.of(kept.with(p), heard);
  }
}
