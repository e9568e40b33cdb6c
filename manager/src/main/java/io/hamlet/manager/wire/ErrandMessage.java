package io.hamlet.manager.wire;

import static io.hamlet.manager.wire.Fields.in;
import static io.hamlet.manager.wire.Fields.required;
import static io.hamlet.manager.wire.Fields.scalar;
import static io.hamlet.manager.wire.Fields.text;

import com.google.protobuf.InvalidProtocolBufferException;
import io.hamlet.core.model.Errand;
import io.hamlet.core.model.ErrandId;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.Rejection;
import io.hamlet.internal.v1.ErrandProto;

/**
 * One message about errands between two managers.
 *
 * @param clock CLOCK_BOOTTIME of the sender when it sent it, in nanoseconds
 * @param boot the boot whose clock that is
 */
public record ErrandMessage(long clock, String boot, Body body) {
  /** What it says. */
  public sealed interface Body {
    /**
     * Do this.
     *
     * @param boot whose clock the times are of; empty: the sender does not know the clock
     * @param born on the CLOCK_BOOTTIME of the receiver
     * @param expiry on the same clock
     * @param attempt counts how often the sender has asked; is in the report
     */
    record Ask(ErrandId id, Errand errand, String boot, long born, long expiry, int attempt)
        implements Body {}

    /**
     * This came of it.
     *
     * @param attempt of the last ask that was heard when this was said
     */
    record Report(ErrandId id, Errand.Fate fate, int attempt) implements Body {}

    /**
     * Tells the clock.
     *
     * @param asking tell me yours
     */
    record Greeting(boolean asking) implements Body {}

    /** Which process has this pid? */
    record Identify(long question, long pid) implements Body {}

    /** This one. */
    record Identified(long question, ProcessId process) implements Body {}

    /** None that can be named. */
    record Unidentified(long question, Rejection why) implements Body {}
  }

  /** The bytes of it; throws {@link WireException} for a text that has no UTF-8. */
  public byte[] encode() {
    ErrandProto.ErrandMessage.Builder b =
        ErrandProto.ErrandMessage.newBuilder().setClock(clock).setBoot(text("boot", boot));
    switch (body) {
      case Body.Ask m ->
          b.getAskBuilder()
              .setId(ErrandCodec.encode(m.id()))
              .setErrand(ErrandCodec.encode(m.errand()))
              .setBoot(text("ask.boot", m.boot()))
              .setBorn(m.born())
              .setExpiry(m.expiry())
              .setAttempt(m.attempt());
      case Body.Report m ->
          b.getReportBuilder()
              .setId(ErrandCodec.encode(m.id()))
              .setFate(ErrandCodec.encode(m.fate()))
              .setAttempt(m.attempt());
      case Body.Greeting m -> b.setGreeting(m.asking());
      case Body.Identify m -> b.getIdentifyBuilder().setQuestion(m.question()).setPid(m.pid());
      case Body.Identified m ->
          b.getIdentifiedBuilder()
              .setQuestion(m.question())
              .setProcess(IdCodec.encode(m.process()));
      case Body.Unidentified m ->
          b.getUnidentifiedBuilder()
              .setQuestion(m.question())
              .setReason(EnumTable.REASON.encode(m.why().reason()).getNumber())
              .setMessage(text("unidentified.message", m.why().message()));
    }
    return b.build().toByteArray();
  }

  /**
   * The message that these bytes are; throws {@link WireException} when they are none, or one of a
   * newer version.
   */
  public static ErrandMessage decode(byte[] bytes) {
    try {
      return in(
          "errand message",
          ErrandProto.ErrandMessage.parseFrom(bytes),
          m -> new ErrandMessage(m.getClock(), m.getBoot(), body(m)));
    } catch (InvalidProtocolBufferException e) {
      throw new WireException("errand message", "is damaged: " + e.getMessage());
    }
  }

  private static Body body(ErrandProto.ErrandMessage m) {
    return switch (m.getKindCase()) {
      case ASK -> in("ask", m.getAsk(), ErrandMessage::ask);
      case REPORT -> in("report", m.getReport(), ErrandMessage::report);
      case GREETING -> new Body.Greeting(m.getGreeting());
      case IDENTIFY ->
          in("identify", m.getIdentify(), q -> new Body.Identify(q.getQuestion(), q.getPid()));
      case IDENTIFIED -> in("identified", m.getIdentified(), ErrandMessage::identified);
      case UNIDENTIFIED -> in("unidentified", m.getUnidentified(), ErrandMessage::unidentified);
      case KIND_NOT_SET -> throw Fields.noKind();
    };
  }

  private static Body ask(ErrandProto.ErrandMessage.Ask m) {
    return new Body.Ask(
        required(m.hasId(), "id", m.getId(), ErrandCodec::decode),
        required(m.hasErrand(), "errand", m.getErrand(), ErrandCodec::decode),
        m.getBoot(),
        m.getBorn(),
        m.getExpiry(),
        m.getAttempt());
  }

  private static Body report(ErrandProto.ErrandMessage.Report m) {
    return new Body.Report(
        required(m.hasId(), "id", m.getId(), ErrandCodec::decode),
        required(m.hasFate(), "fate", m.getFate(), ErrandCodec::decode),
        m.getAttempt());
  }

  private static Body identified(ErrandProto.ErrandMessage.Identified m) {
    return new Body.Identified(
        m.getQuestion(), required(m.hasProcess(), "process", m.getProcess(), IdCodec::decode));
  }

  private static Body unidentified(ErrandProto.ErrandMessage.Unidentified m) {
    Rejection.Reason reason = scalar("reason", m.getReason(), EnumTable.REASON::decode);
    return new Body.Unidentified(m.getQuestion(), new Rejection(reason, m.getMessage()));
  }
}
