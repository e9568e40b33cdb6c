package io.hamlet.manager.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.protobuf.StatusProto;
import io.hamlet.core.model.Refused;
import io.hamlet.core.model.Rejection;
import io.hamlet.v1.Refusal;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RefusalsTest {
  @ParameterizedTest
  @EnumSource
  void everyReasonTravelsWithAllThatIsKnown(Rejection.Reason reason) throws Exception {
    StatusException status = Refusals.status(new Rejection(reason, "what to do"), "a/b");
    var details = StatusProto.fromThrowable(status).getDetailsList();
    assertThat(details).hasSize(1);
    Refusal refusal = details.getFirst().unpack(Refusal.class);
    assertThat(refusal.getReason()).isEqualTo(reason.name());
    assertThat(refusal.getErrno()).isEqualTo(reason.errno());
    assertThat(refusal.getMessage()).isEqualTo("what to do");
    assertThat(refusal.getPath()).isEqualTo("a/b");
    assertThat(status.getStatus().getDescription()).isEqualTo("what to do");
  }

  @ParameterizedTest
  @CsvSource({
    "INVALID, INVALID_ARGUMENT",
    "EXISTS, ALREADY_EXISTS",
    "NAME_TOO_LONG, INVALID_ARGUMENT",
    "NOT_FOUND, NOT_FOUND",
    "NO_SUCH_PROCESS, NOT_FOUND",
    "NOT_PERMITTED, PERMISSION_DENIED",
    "CANNOT_START, FAILED_PRECONDITION",
    "LIMIT, RESOURCE_EXHAUSTED",
    "UNAVAILABLE, UNAVAILABLE"
  })
  void theTable(Rejection.Reason reason, Status.Code code) {
    assertThat(Refusals.code(reason)).isEqualTo(code);
  }

  @Test
  void aRefusalInsideAFutureIsStillARefusal() {
    Throwable wrapped = new CompletionException(Refused.invalid("no"));
    assertThat(Refusals.status(wrapped, "").getStatus().getCode())
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  @Test
  void lateIsNotRefusedAndAFaultIsOurs() {
    assertThat(Refusals.status(new TimeoutException(), "").getStatus().getCode())
        .isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    assertThat(Refusals.status(new IllegalStateException("x"), "").getStatus().getCode())
        .isEqualTo(Status.Code.INTERNAL);
  }
}
