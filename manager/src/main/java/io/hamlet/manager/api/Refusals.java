package io.hamlet.manager.api;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.protobuf.StatusProto;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.Refused;
import io.hamlet.core.model.Rejection;
import io.hamlet.v1.Refusal;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;

/** The one table from a rejection to what a client is told. */
final class Refusals {
  /**
   * A refusal travels in HTTP/2 headers, of which clients take 8 KiB by default; the message stands
   * there twice, once with up to three characters for a byte.
   */
  private static final int MAX_MESSAGE_BYTES = 1_024;

  private static final Metadata.Key<String> SAM_CODE =
      Metadata.Key.of("ham-status", Metadata.ASCII_STRING_MARSHALLER);

  private static final String MORE = "...";

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
      case BAD_HANDLE -> Status.Code.FAILED_PRECONDITION;
      case TOO_BIG -> Status.Code.OUT_OF_RANGE;
      case TIMED_OUT -> Status.Code.DEADLINE_EXCEEDED;
    };
  }

  /**
   * The status that carries a rejection.
   *
   * @param path of the object it is about, empty for none
   */
  static StatusException status(Rejection rejection, String path) {
    String message = shortened(rejection.message(), MAX_MESSAGE_BYTES);
    Refusal refusal =
        Refusal.newBuilder()
            .setReason(rejection.reason().name())
            .setErrno(rejection.reason().errno())
            .setMessage(message)
            .setPath(shortened(path, Name.MAX_BYTES))
            .build();
    StatusException status = toStatus(rejection, message, refusal);
    status.getTrailers().put(SAM_CODE, Integer.toString(samCode(rejection.reason())));
    return status;
  }

  /** The numeric code of libsam (sam.md 1.1, 4.4). */
  private static int samCode(Rejection.Reason reason) {
    return switch (reason) {
      case INVALID, NOT_FOUND, NO_SUCH_PROCESS, CANNOT_START -> 7;
      case BAD_HANDLE, EXISTS -> 9;
      case LIMIT -> 8;
      case TOO_BIG -> 26;
      case NAME_TOO_LONG -> 13;
      case NOT_PERMITTED -> 11;
      case UNAVAILABLE, TIMED_OUT -> 6;
    };
  }

  private static StatusException toStatus(Rejection rejection, String message, Refusal refusal) {
    return StatusProto.toStatusException(
        com.google.rpc.Status.newBuilder()
            .setCode(code(rejection.reason()).value())
            .setMessage(message)
            .addDetails(Any.pack(refusal))
            .build());
  }

  /** What does not fit is cut from the end, between two characters. */
  private static String shortened(String text, int bytes) {
    ByteString all = ByteString.copyFromUtf8(text);
    if (all.size() <= bytes) {
      return text;
    }
    int end = bytes - MORE.length();
    while (end > 0 && (all.byteAt(end) & 0xC0) == 0x80) {
      end--;
    }
    return all.substring(0, end).toStringUtf8() + MORE;
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
