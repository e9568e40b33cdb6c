package io.hamlet.manager.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.hamlet.internal.v1.ProposalProto.ProposalMessage;
import io.hamlet.manager.port.Consensus;

/** Commands on their way to the leader, and its answers, as bytes and back. */
public final class ProposalCodec {
  private static final int MOST_TEXT = 256;
  private static final int MOST_MILLIS = 600_000;

  private ProposalCodec() {}

  /** What one says to the other. */
  public sealed interface Word {
    /** The sender's number for it. */
    long id();

    /**
     * Have it committed, within so many milliseconds.
     *
     * @param settledBelow all smaller numbers of this sender are answered, or given up
     */
    record Ask(long id, int timeoutMillis, long settledBelow, byte[] command) implements Word {}

    /** It is committed at that index. */
    record Done(long id, long index) implements Word {}

    /**
     * It was certainly not taken.
     *
     * @param leader empty: nobody known
     */
    record NotLeader(long id, String leader) implements Word {}

    /** It may still be committed. */
    record Unknown(long id, String why) implements Word {}
  }

  /** A word as bytes; long reasons are cut. */
  public static byte[] encode(Word word) {
    ProposalMessage.Builder message = ProposalMessage.newBuilder();
    ProposalMessage.Answer.Builder answer = ProposalMessage.Answer.newBuilder().setId(word.id());
    switch (word) {
      case Word.Ask ask ->
          message.setAsk(
              ProposalMessage.Ask.newBuilder()
                  .setId(ask.id)
                  .setTimeoutMillis(ask.timeoutMillis)
                  .setSettledBelow(ask.settledBelow)
                  .setCommand(ByteString.copyFrom(ask.command)));
      case Word.Done done -> message.setAnswer(answer.setIndex(done.index));
      case Word.NotLeader not -> message.setAnswer(answer.setNotLeader(cut(not.leader)));
      case Word.Unknown unknown -> message.setAnswer(answer.setUnknown(cut(unknown.why)));
    }
    return message.build().toByteArray();
  }

  /** The word that these bytes are; throws {@link WireException} when they are none. */
  public static Word decode(byte[] bytes) {
    ProposalMessage message;
    try {
      message = ProposalMessage.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new WireException("proposal", "is damaged: " + e.getMessage());
    }
    return switch (message.getKindCase()) {
      case ASK -> ask(message.getAsk());
      case ANSWER -> answer(message.getAnswer());
      case KIND_NOT_SET -> throw new WireException("proposal", "says nothing this version knows");
    };
  }

  private static Word ask(ProposalMessage.Ask ask) {
    int millis = ask.getTimeoutMillis();
    if (ask.getId() <= 0) {
      throw new WireException("ask.id", "must be 1 or more");
    }
    if (ask.getSettledBelow() < 0 || ask.getSettledBelow() > ask.getId()) {
      throw new WireException("ask.settled_below", "must be 0 to the id");
    }
    if (millis < 1 || millis > MOST_MILLIS) {
      throw new WireException("ask.timeout_millis", "must be 1 to " + MOST_MILLIS);
    }
    if (ask.getCommand().size() > Consensus.MOST_BYTES) {
      throw new WireException("ask.command", "is longer than " + Consensus.MOST_BYTES + " bytes");
    }
    return new Word.Ask(ask.getId(), millis, ask.getSettledBelow(), ask.getCommand().toByteArray());
  }

  private static Word answer(ProposalMessage.Answer answer) {
    long id = answer.getId();
    return switch (answer.getOutcomeCase()) {
      case INDEX -> new Word.Done(id, answer.getIndex());
      case NOT_LEADER -> new Word.NotLeader(id, limited(answer.getNotLeader()));
      case UNKNOWN -> new Word.Unknown(id, limited(answer.getUnknown()));
      case OUTCOME_NOT_SET -> throw new WireException("answer", "has no outcome that is known");
    };
  }

  private static String limited(String text) {
    if (text.length() > MOST_TEXT) {
      throw new WireException("answer", "has a text of more than " + MOST_TEXT + " characters");
    }
    return text;
  }

  private static String cut(String text) {
    return text.length() > MOST_TEXT ? text.substring(0, MOST_TEXT) : text;
  }
}
