package io.hamlet.manager.api;

import io.hamlet.core.recovery.Reply;
import io.hamlet.v1.ChangeResponse;
import io.hamlet.v1.ControlHeartbeatResponse;
import io.hamlet.v1.ControlResponse;
import io.hamlet.v1.Handle;
import io.hamlet.v1.HandleResponse;
import io.hamlet.v1.LeadResponse;
import io.hamlet.v1.ResponseHeader;
import io.hamlet.v1.SetVerbosityResponse;

/** What an accepted change is answered with, out of the reply of the core. Thread-safe. */
final class Answers {
  private Answers() {}

  static ChangeResponse done(ResponseHeader header, Reply reply) {
    return ChangeResponse.newBuilder().setHeader(header).build();
  }

  /**
   * Of an object that was made, or was there as asked for.
   *
   * @param path where it is
   */
  static HandleResponse handle(ResponseHeader header, String path, Reply reply) {
    Handle.Builder handle = Handle.newBuilder().setNode(header.getNode()).setPath(path);
    if (reply instanceof Reply.Handle made) {
      handle.setUid(made.uid()).setPid(made.pid());
    }
    return HandleResponse.newBuilder().setHeader(header).setHandle(handle).build();
  }

  static ControlResponse flags(ResponseHeader header, Reply reply) {
    return ControlResponse.newBuilder().setHeader(header).setFlags((int) number(reply)).build();
  }

  static ControlHeartbeatResponse suspended(ResponseHeader header, Reply reply) {
    return ControlHeartbeatResponse.newBuilder()
        .setHeader(header)
        .setSuspended(number(reply) != 0)
        .build();
  }

  static LeadResponse token(ResponseHeader header, Reply reply) {
    return LeadResponse.newBuilder().setHeader(header).setToken(number(reply)).build();
  }

  static SetVerbosityResponse level(ResponseHeader header, Reply reply) {
    return SetVerbosityResponse.newBuilder()
        .setHeader(header)
        .setLevel((int) number(reply))
        .build();
  }

  private static long number(Reply reply) {
    return reply instanceof Reply.Number number ? number.value() : 0;
  }
}
