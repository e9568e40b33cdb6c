package io.hamlet.manager.api;

import com.google.protobuf.Any;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.protobuf.StatusProto;
import io.hamlet.core.model.Refused;
import io.hamlet.core.model.Rejection;
import io.hamlet.v1.Refusal;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;

/** The one table from a rejection to what a client is told. */
final class Refusals {
  private Refusals() {}

  static Status.Code code(Rejection.Reason reason) {
    return switch (reason) {
      case INVALID, NAME_TOO_LONG -> Status.Code.INVALID_ARGUMENT;
      case EXISTS -> Status.Code.ALREADY_EXISTS;
      case NOT_FOUND, NO_SUCH_PROCESS -> Status.Code.NOT_FOUND;
      case NOT_PERMITTED -> Status.Code.PERMISSION_DENIED;
      case CANNOT_START -> Status.Code.FAILED_PRECONDITION;
      case LIMIT -> Status.Code.RESOURCE_EXHAUSTED;
      case UNAVAILABLE -> Status.Code.UNAVAILABLE;
    };
  }

  /**
   * The status that carries a rejection.
   *
   * @param path of the object it is about, empty for none
   */
  static StatusException status(Rejection rejection, String path) {
    Refusal refusal =
        Refusal.newBuilder()
            .setReason(rejection.reason().name())
            .setErrno(rejection.reason().errno())
            .setMessage(rejection.message())
            .setPath(path)
            .build();
    return StatusProto.toStatusException(
        com.google.rpc.Status.newBuilder()
            .setCode(code(rejection.reason()).value())
            .setMessage(rejection.message())
            .addDetails(Any.pack(refusal))
            .build());
  }

  /** The status of a call that failed with this. */
  static StatusException status(Throwable thrown, String path) {
    Throwable cause = thrown;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return switch (cause) {
      case Refused refused -> status(refused.rejection(), path);
      case TimeoutException late ->
          Status.DEADLINE_EXCEEDED
              .withDescription("no answer in time; the change may still be made")
              .asException();
      default ->
          Status.INTERNAL
              .withDescription("a fault in the manager, see its log: " + cause)
              .withCause(cause)
              .asException();
    };
  }
}
