package io.hamlet.manager.wire;

import static io.hamlet.manager.wire.Fields.in;
import static io.hamlet.manager.wire.Fields.optional;
import static io.hamlet.manager.wire.Fields.required;
import static io.hamlet.manager.wire.Fields.text;

import com.google.protobuf.InvalidProtocolBufferException;
import io.hamlet.core.model.Entity;
import io.hamlet.core.model.EntryId;
import io.hamlet.internal.v1.ClusterProto;
import java.util.List;

/** What voters say to each other about a silent node, as bytes and back. */
public final class InquiryCodec {
  private InquiryCodec() {}

  /**
   * One message.
   *
   * @param node that is not heard
   * @param round so that a late answer is not taken for one of now
   */
  public record Inquiry(String node, long round, Body body) {}

  /** Question or answer. */
  public sealed interface Body {
    /**
     * @param cut the graft is wanted too
     */
    record Question(boolean cut) implements Body {}

    /**
     * @param newest entry of its tree that is known here
     * @param graft null: not asked for
     * @param leftOut so many more entities care than go into one command of the consensus
     */
    record Finding(boolean silent, EntryId newest, List<Entity> graft, int leftOut)
        implements Body {}
  }

  /** The bytes, of a graft that fits ({@link GraftCodec#fitting}). */
  public static byte[] encode(Inquiry inquiry) {
    ClusterProto.Inquiry.Builder b =
        ClusterProto.Inquiry.newBuilder()
            .setNode(text("node", inquiry.node()))
            .setRound(inquiry.round());
    switch (inquiry.body()) {
      case Body.Question q -> b.getQuestionBuilder().setCut(q.cut());
      case Body.Finding f -> finding(b.getFindingBuilder(), f);
    }
    return b.build().toByteArray();
  }

  /** Throws {@link WireException} when these bytes are none, or of a newer version. */
  public static Inquiry decode(byte[] bytes) {
    try {
      return in("inquiry", ClusterProto.Inquiry.parseFrom(bytes), InquiryCodec::decode);
    } catch (InvalidProtocolBufferException e) {
      throw new WireException("inquiry", "is damaged: " + e.getMessage());
    }
  }

  private static void finding(ClusterProto.Inquiry.Finding.Builder b, Body.Finding f) {
    b.setSilent(f.silent()).setNewest(IdCodec.encode(f.newest())).setCut(f.graft() != null);
    if (f.graft() != null) {
      b.setGraft(GraftCodec.encode(f.graft())).setLeftOut(f.leftOut());
    }
  }

  private static Inquiry decode(ClusterProto.Inquiry m) {
    Body body =
        switch (m.getKindCase()) {
          case QUESTION -> in("question", m.getQuestion(), q -> new Body.Question(q.getCut()));
          case FINDING ->
              in(
                  "finding",
                  m.getFinding(),
                  f ->
                      new Body.Finding(
                          f.getSilent(),
                          required(f.hasNewest(), "newest", f.getNewest(), IdCodec::decode),
                          optional(f.getCut(), "graft", f.getGraft(), GraftCodec::decode),
                          f.getLeftOut()));
          case KIND_NOT_SET -> throw Fields.noKind();
        };
    return new Inquiry(m.getNode(), m.getRound(), body);
  }
}
