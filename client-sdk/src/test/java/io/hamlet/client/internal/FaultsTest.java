package io.hamlet.client.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.protobuf.StatusProto;
import io.hamlet.client.HamException;
import io.hamlet.v1.Refusal;
import java.nio.channels.ClosedChannelException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FaultsTest {
  @ParameterizedTest
  @EnumSource
  void aRefusalArrivesWithAllItHas(HamException.Reason reason) {
    StatusException told = told(reason.name());
    HamException fault = Faults.of(told.getStatus(), told.getTrailers(), true);
    assertThat(fault).isInstanceOf(HamException.Refused.class).hasMessage("do this");
    HamException.Refused refused = (HamException.Refused) fault;
    assertThat(refused.reason()).isEqualTo(reason);
    assertThat(refused.errno()).isEqualTo("EXXX");
    assertThat(refused.path()).isEqualTo("a/b");
    assertThat(Faults.isConnectionLost(told.getStatus(), told.getTrailers())).isFalse();
  }

  @Test
  void aReasonOfTomorrowIsOther() {
    StatusException told = told("SOMETHING_NEW");
    assertThat(Faults.of(told.getStatus(), told.getTrailers(), true))
        .isInstanceOfSatisfying(
            HamException.Refused.class,
            r -> assertThat(r.reason()).isEqualTo(HamException.Reason.OTHER));
  }

  @ParameterizedTest
  @EnumSource(names = {"UNAVAILABLE", "DEADLINE_EXCEEDED", "CANCELLED"})
  void silenceIsUnknownOnlyIfSomethingWasSent(Status.Code code) {
    assertThat(Faults.of(code.toStatus(), new Metadata(), true))
        .isInstanceOf(HamException.OutcomeUnknown.class);
    assertThat(Faults.of(code.toStatus(), new Metadata(), false))
        .isInstanceOf(HamException.Unavailable.class);
  }

  /** Seen when a manager is killed while a request is being written. */
  @Test
  void anInputOutputErrorBehindAnyStatusIsALostConnection() {
    Status status =
        Status.UNKNOWN
            .withDescription("channel closed")
            .withCause(new RuntimeException(new ClosedChannelException()));
    assertThat(Faults.isConnectionLost(status, new Metadata())).isTrue();
    assertThat(Faults.of(status, new Metadata(), true))
        .isInstanceOf(HamException.OutcomeUnknown.class);
    assertThat(Faults.isConnectionLost(Status.UNKNOWN, new Metadata())).isFalse();
  }

  @Test
  void whatIsNotUnderstoodIsBroken() {
    assertThat(Faults.of(Status.UNIMPLEMENTED, new Metadata(), true))
        .isInstanceOf(HamException.Broken.class);
  }

  private static StatusException told(String reason) {
    return StatusProto.toStatusException(
        com.google.rpc.Status.newBuilder()
            .setCode(Status.Code.UNAVAILABLE.value())
            .addDetails(
                Any.pack(
                    Refusal.newBuilder()
                        .setReason(reason)
                        .setErrno("EXXX")
                        .setPath("a/b")
                        .setMessage("do this")
                        .build()))
            .build());
  }
}
