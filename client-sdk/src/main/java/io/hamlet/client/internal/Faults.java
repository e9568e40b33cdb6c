package io.hamlet.client.internal;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import io.hamlet.client.HamException;
import io.hamlet.v1.Refusal;
import java.io.IOException;
import javax.net.ssl.SSLException;

/** What a status means for a caller. */
final class Faults {
  private static final Metadata.Key<com.google.rpc.Status> DETAILS =
      Metadata.Key.of(
          "grpc-status-details-bin",
          ProtoUtils.metadataMarshaller(com.google.rpc.Status.getDefaultInstance()));

  private static final Metadata.Key<String> BEYOND =
      Metadata.Key.of("hamlet-beyond", Metadata.ASCII_STRING_MARSHALLER);

  private Faults() {}

  /** True when the manager that was called is well, and one that it has asked was lost. */
  static boolean isBeyond(Metadata trailers) {
    return trailers != null && trailers.containsKey(BEYOND);
  }

  /** True when a manager says that it cannot now, having changed nothing. */
  static boolean isNotNow(HamException why) {
    return why instanceof HamException.Refused no && no.reason() == HamException.Reason.UNAVAILABLE;
  }

  /**
   * True when no manager has spoken, so that another try may find one. CANCELLED is what a manager
   * that goes leaves of its calls; what is cancelled here is not asked about. A connection that
   * breaks while a call is being written may end it with another status, and an I/O error behind
   * it.
   */
  static boolean isConnectionLost(Status status, Metadata trailers) {
    boolean lost =
        status.getCode() == Status.Code.UNAVAILABLE
            || status.getCode() == Status.Code.CANCELLED
            || isBroken(status);
    return lost && refusal(trailers) == null;
  }

  /** True when one side does not believe the certificate of the other. */
  static boolean isMistrust(Status status) {
    for (Throwable t = status.getCause(); t != null; t = t.getCause()) {
      if (t instanceof SSLException) {
        return true;
      }
    }
    return false;
  }

  private static boolean isBroken(Status status) {
    for (Throwable t = status.getCause(); t != null; t = t.getCause()) {
      if (t instanceof IOException) {
        return true;
      }
    }
    return false;
  }

  /**
   * @param sent the request may have reached a manager
   */
  static HamException of(Status status, Metadata trailers, boolean sent) {
    StatusRuntimeException cause = new StatusRuntimeException(status, trailers);
    Refusal refusal = refusal(trailers);
    if (refusal != null) {
      return new HamException.Refused(
          reason(refusal.getReason()),
          refusal.getErrno(),
          refusal.getPath(),
          refusal.getMessage(),
          cause);
    }
    if (isMistrust(status)) {
      return new HamException.Refused(
          HamException.Reason.NOT_PERMITTED,
          "EACCES",
          "",
          "manager and client do not believe each other's certificates: "
              + text(status)
              + "; give a valid certificate, its key and the authority that signs both"
              + " (HAM_TLS_CERT, HAM_TLS_KEY, HAM_TLS_CA)",
          cause);
    }
    boolean silence = isConnectionLost(status, trailers);
    if (silence || status.getCode() == Status.Code.DEADLINE_EXCEEDED) {
      return sent
          ? new HamException.OutcomeUnknown(
              "no answer; it may or may not have been done: " + text(status), cause)
          : new HamException.Unavailable("no manager answers: " + text(status), cause);
    }
    return switch (status.getCode()) {
      case RESOURCE_EXHAUSTED ->
          new HamException.Refused(HamException.Reason.LIMIT, "ENOSPC", "", text(status), cause);
      default -> new HamException.Broken(status.getCode() + ": " + text(status), cause);
    };
  }

  private static Refusal refusal(Metadata trailers) {
    com.google.rpc.Status details = trailers == null ? null : trailers.get(DETAILS);
    if (details == null) {
      return null;
    }
    try {
      for (var detail : details.getDetailsList()) {
        if (detail.is(Refusal.class)) {
          return detail.unpack(Refusal.class);
        }
      }
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      return null; // Of a protocol that is not ours; the status itself is told.
    }
    return null;
  }

  private static HamException.Reason reason(String name) {
    for (HamException.Reason reason : HamException.Reason.values()) {
      if (reason.name().equals(name)) {
        return reason;
      }
    }
    return HamException.Reason.OTHER;
  }

  static String text(Status status) {
    StringBuilder text = new StringBuilder();
    text.append(status.getDescription() == null ? status.getCode() : status.getDescription());
    if (status.getCause() != null && status.getCause().getMessage() != null) {
      text.append(" (").append(status.getCause().getMessage()).append(')');
    }
    return text.toString();
  }
}
