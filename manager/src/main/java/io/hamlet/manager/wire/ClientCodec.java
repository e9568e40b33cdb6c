package io.hamlet.manager.wire;

import static io.hamlet.manager.wire.Fields.in;
import static io.hamlet.manager.wire.Fields.list;
import static io.hamlet.manager.wire.Fields.required;
import static io.hamlet.manager.wire.Fields.scalar;
import static io.hamlet.manager.wire.Fields.text;

import io.hamlet.core.model.Rejection;
import io.hamlet.core.recovery.Channel;
import io.hamlet.core.recovery.ChannelId;
import io.hamlet.core.recovery.Client;
import io.hamlet.core.recovery.Reply;
import io.hamlet.internal.v1.StateProto;
import java.util.Map;
import org.pcollections.TreePVector;

/** What is remembered about those who ask: their requests, answers and channels. */
final class ClientCodec {
  private ClientCodec() {}

  static StateProto.Client encode(long id, Client client) {
    StateProto.Client.Builder b =
        StateProto.Client.newBuilder()
            .setId(id)
            .setFloor(client.floor())
            .setLastIndex(client.lastIndex());
    client
        .answers()
        .forEach(
            (sequence, answered) -> {
              StateProto.Client.Answered.Builder one = b.addAnswersBuilder().setSequence(sequence);
              switch (answered) {
                case Client.Pending p -> one.setPending(DeedCodec.NOTHING);
                case Client.Given g -> one.setGiven(encode(g.reply()));
              }
            });
    return b.build();
  }

  static Client decode(StateProto.Client m) {
    return new Client(
        Keyed.map("answers", list("answers", m.getAnswersList(), ClientCodec::decode)),
        m.getFloor(),
        m.getLastIndex());
  }

  private static Map.Entry<Long, Client.Answered> decode(StateProto.Client.Answered m) {
    Client.Answered answered =
        switch (m.getKindCase()) {
          case PENDING -> in("pending", m.getPending(), p -> new Client.Pending());
          case GIVEN -> in("given", m.getGiven(), g -> new Client.Given(decode(g)));
          case KIND_NOT_SET -> throw Fields.noKind();
        };
    return Map.entry(m.getSequence(), answered);
  }

  static StateProto.Channel encode(ChannelId id, Channel channel) {
    StateProto.Channel.Builder b =
        StateProto.Channel.newBuilder()
            .setPid(id.pid())
            .setChannel(id.channel())
            .setOwner(IdCodec.encode(channel.owner()))
            .setNext(channel.next());
    for (Channel.Pulse p : channel.pulses()) {
      b.addPulsesBuilder().setNumber(p.number()).setCode(p.code()).setValue(p.value());
    }
    return b.build();
  }

  static Channel decode(StateProto.Channel m) {
    return new Channel(
        required(m.hasOwner(), "owner", m.getOwner(), IdCodec::decode),
        m.getNext(),
        TreePVector.from(
            list(
                "pulses",
                m.getPulsesList(),
                p -> new Channel.Pulse(p.getNumber(), p.getCode(), p.getValue()))));
  }

  private static StateProto.Reply encode(Reply reply) {
    StateProto.Reply.Builder b = StateProto.Reply.newBuilder();
    switch (reply) {
      case Reply.Ok r -> b.setOk(DeedCodec.NOTHING);
      case Reply.Number r -> b.setNumber(r.value());
      case Reply.Handle r -> b.getHandleBuilder().setUid(r.uid()).setPid(r.pid());
      case Reply.No r ->
          b.getNoBuilder()
              .setReason(EnumTable.REASON.encode(r.rejection().reason()))
              .setMessage(text("no.message", r.rejection().message()));
    }
    return b.build();
  }

  private static Reply decode(StateProto.Reply m) {
    return switch (m.getKindCase()) {
      case OK -> in("ok", m.getOk(), r -> Reply.OK);
      case NUMBER -> new Reply.Number(m.getNumber());
      case HANDLE -> in("handle", m.getHandle(), r -> new Reply.Handle(r.getUid(), r.getPid()));
      case NO ->
          in(
              "no",
              m.getNo(),
              r ->
                  new Reply.No(
                      new Rejection(
                          scalar("reason", r.getReasonValue(), EnumTable.REASON::decode),
                          r.getMessage())));
      case KIND_NOT_SET -> throw Fields.noKind();
    };
  }
}
