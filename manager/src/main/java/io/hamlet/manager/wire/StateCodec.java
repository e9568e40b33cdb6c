package io.hamlet.manager.wire;

import static io.hamlet.manager.wire.Fields.in;
import static io.hamlet.manager.wire.Fields.list;
import static io.hamlet.manager.wire.Fields.optional;
import static io.hamlet.manager.wire.Fields.required;
import static io.hamlet.manager.wire.Fields.text;

import com.google.protobuf.InvalidProtocolBufferException;
import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.EntryId;
import io.hamlet.core.model.Lane;
import io.hamlet.core.model.Limits;
import io.hamlet.core.recovery.ChannelId;
import io.hamlet.core.recovery.ErrandBook;
import io.hamlet.core.recovery.HamState;
import io.hamlet.core.recovery.Occurrence;
import io.hamlet.core.recovery.OpenEffect;
import io.hamlet.core.sam.SamBook;
import io.hamlet.internal.v1.StateProto;
import java.util.Map;
import org.pcollections.PVector;
import org.pcollections.TreePVector;

/** Snapshots as bytes and back. Equal states have equal bytes. */
public final class StateCodec {
  private StateCodec() {}

  /** The bytes of a state; throws {@link WireException} for a text that has no UTF-8. */
  public static byte[] encode(HamState state) {
    return message(state).toByteArray();
  }

  /**
   * The state that these bytes are; throws {@link WireException} when they are none, or one of a
   * newer version.
   */
  public static HamState decode(byte[] bytes) {
    try {
      return in("state", StateProto.State.parseFrom(bytes), StateCodec::decode);
    } catch (InvalidProtocolBufferException e) {
      throw new WireException("state", "is damaged: " + e.getMessage());
    }
  }

  static StateProto.State message(HamState s) {
    StateProto.State.Builder b =
        StateProto.State.newBuilder()
            .setNode(text("node", s.node()))
            .setBoot(text("boot", s.boot()))
            .setLast(IdCodec.encode(s.last()))
            .setNextUid(s.nextUid())
            .setGlobal(EntityCodec.encode(s.global()))
            .setPair(encode(s.pair()))
            .setVerbosity(s.verbosity())
            .setBeatsSuspended(s.beatsSuspended())
            .setStopping(s.stopping())
            .setRight(s.right())
            .setGranted(s.granted())
            .setLimits(encode(s.limits()));
    s.entities().values().forEach(e -> b.addEntities(EntityCodec.encode(e)));
    s.lanes()
        .forEach(
            (lane, occurrences) -> {
              StateProto.Lane.Builder one = b.addLanesBuilder().setKey(lane.key());
              occurrences.forEach(o -> one.addOccurrences(WorkCodec.encode(o)));
            });
    s.open()
        .forEach(
            (id, open) ->
                b.addOpenBuilder()
                    .setId(IdCodec.encode(id))
                    .setPurpose(WorkCodec.encode(open.purpose()))
                    .setWork(WorkCodec.encode(open.work())));
    s.deadlines()
        .forEach(
            (deadline, ends) ->
                b.addDeadlinesBuilder()
                    .setBootNanos(deadline.bootNanos())
                    .setEffect(IdCodec.encode(deadline.effect()))
                    .setEnds(IdCodec.encode(ends)));
    s.clients().forEach((id, client) -> b.addClients(ClientCodec.encode(id, client)));
    s.channels().forEach((id, channel) -> b.addChannels(ClientCodec.encode(id, channel)));
    if (!s.told().equals(atMost(s.last()))) {
      b.setTold(IdCodec.encode(s.told()));
    }
    if (!s.errands().equals(ErrandBook.EMPTY)) {
      b.setErrands(ErrandCodec.encode(s.errands()));
    }
    if (!s.sam().equals(SamBook.EMPTY)) {
      b.setSam(SamCodec.encode(s.sam()));
    }
    return b.build();
  }

  static HamState decode(StateProto.State m) {
    return new HamState(
        m.getNode(),
        m.getBoot(),
        required(m.hasLast(), "last", m.getLast(), IdCodec::decode),
        m.hasTold()
            ? in("told", m.getTold(), IdCodec::decode)
            : atMost(IdCodec.decode(m.getLast())),
        m.getNextUid(),
        Keyed.map(
            "entities",
            list("entities", m.getEntitiesList(), EntityCodec::decode).stream()
                .map(e -> Map.entry(e.name(), e))
                .toList()),
        required(m.hasGlobal(), "global", m.getGlobal(), EntityCodec::decode),
        Keyed.map(
            "lanes",
            list(
                "lanes",
                m.getLanesList(),
                l ->
                    Map.entry(
                        new Lane(l.getKey()),
                        (PVector<Occurrence>)
                            TreePVector.from(
                                list("occurrences", l.getOccurrencesList(), WorkCodec::decode))))),
        Keyed.map("open", list("open", m.getOpenList(), StateCodec::decode)),
        Keyed.map("deadlines", list("deadlines", m.getDeadlinesList(), StateCodec::decode)),
        Keyed.map(
            "clients",
            list("clients", m.getClientsList(), c -> Map.entry(c.getId(), ClientCodec.decode(c)))),
        Keyed.map(
            "channels",
            list(
                "channels",
                m.getChannelsList(),
                c -> Map.entry(new ChannelId(c.getPid(), c.getChannel()), ClientCodec.decode(c)))),
        m.hasErrands() ? in("errands", m.getErrands(), ErrandCodec::decode) : ErrandBook.EMPTY,
        m.hasSam() ? in("sam", m.getSam(), SamCodec::decode) : SamBook.EMPTY,
        required(m.hasPair(), "pair", m.getPair(), StateCodec::decode),
        m.getVerbosity(),
        m.getBeatsSuspended(),
        m.getStopping(),
        m.getRight(),
        m.getGranted(),
        required(m.hasLimits(), "limits", m.getLimits(), StateCodec::decode));
  }

  /** Absent is the latest it can be, because the first states were written without it. */
  private static EffectId atMost(EntryId last) {
    return last.equals(EntryId.NONE)
        ? HamState.NOTHING_TOLD
        : new EffectId(last, Integer.MAX_VALUE);
  }

  private static Map.Entry<EffectId, OpenEffect> decode(StateProto.OpenEffect m) {
    return Map.entry(
        required(m.hasId(), "id", m.getId(), IdCodec::decode),
        new OpenEffect(
            required(m.hasPurpose(), "purpose", m.getPurpose(), WorkCodec::decode),
            required(m.hasWork(), "work", m.getWork(), WorkCodec::decode)));
  }

  private static Map.Entry<HamState.Deadline, EffectId> decode(StateProto.Deadline m) {
    return Map.entry(
        new HamState.Deadline(
            m.getBootNanos(), required(m.hasEffect(), "effect", m.getEffect(), IdCodec::decode)),
        required(m.hasEnds(), "ends", m.getEnds(), IdCodec::decode));
  }

  private static StateProto.Pair encode(HamState.Pair p) {
    StateProto.Pair.Builder b =
        StateProto.Pair.newBuilder()
            .setHamPid(p.hamPid())
            .setGuardianPid(p.guardianPid())
            .setHamFailures(p.hamFailures())
            .setGuardianFailures(p.guardianFailures())
            .setSince(IdCodec.encode(p.since()));
    if (p.guardianSince() != null) {
      b.setGuardianSince(IdCodec.encode(p.guardianSince()));
    }
    return b.build();
  }

  private static HamState.Pair decode(StateProto.Pair m) {
    return new HamState.Pair(
        m.getHamPid(),
        m.getGuardianPid(),
        m.getHamFailures(),
        m.getGuardianFailures(),
        required(m.hasSince(), "since", m.getSince(), IdCodec::decode),
        optional(m.hasGuardianSince(), "guardian_since", m.getGuardianSince(), IdCodec::decode));
  }

  private static StateProto.Limits encode(Limits l) {
    StateProto.Limits.Builder b = StateProto.Limits.newBuilder();
    // Absent is the default, because the first states were written before there were errands.
    if (l.errandsPerNode() != Limits.DEFAULT.errandsPerNode()) {
      b.setErrandsPerNode(l.errandsPerNode());
    }
    if (l.errandsKept() != Limits.DEFAULT.errandsKept()) {
      b.setErrandsKept(l.errandsKept());
    }
    return b.setEntities(l.entities())
        .setConditionsPerEntity(l.conditionsPerEntity())
        .setActionsPerCondition(l.actionsPerCondition())
        .setFailItemsPerAction(l.failItemsPerAction())
        .setQueuedOccurrences(l.queuedOccurrences())
        .setClients(l.clients())
        .setUnansweredPerClient(l.unansweredPerClient())
        .setChannels(l.channels())
        .setPulsesPerChannel(l.pulsesPerChannel())
        .build();
  }

  private static Limits decode(StateProto.Limits m) {
    return new Limits(
        m.getEntities(),
        m.getConditionsPerEntity(),
        m.getActionsPerCondition(),
        m.getFailItemsPerAction(),
        m.getQueuedOccurrences(),
        m.getClients(),
        m.getUnansweredPerClient(),
        m.getChannels(),
        m.getPulsesPerChannel(),
        m.hasErrandsPerNode() ? m.getErrandsPerNode() : Limits.DEFAULT.errandsPerNode(),
        m.hasErrandsKept() ? m.getErrandsKept() : Limits.DEFAULT.errandsKept());
  }
}
