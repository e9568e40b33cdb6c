package io.hamlet.manager.wire;

import static io.hamlet.manager.wire.Fields.in;
import static io.hamlet.manager.wire.Fields.list;
import static io.hamlet.manager.wire.Fields.optional;
import static io.hamlet.manager.wire.Fields.required;
import static io.hamlet.manager.wire.Fields.text;

import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.Errand;
import io.hamlet.core.model.ErrandId;
import io.hamlet.core.recovery.ErrandBook;
import io.hamlet.internal.v1.ErrandProto;
import java.util.Map;

/** Errands as they stand in log and snapshots. */
final class ErrandCodec {
  private ErrandCodec() {}

  static ErrandProto.ErrandId encode(ErrandId id) {
    return ErrandProto.ErrandId.newBuilder()
        .setTree(text("tree", id.tree()))
        .setEffect(IdCodec.encode(id.effect()))
        .build();
  }

  static ErrandId decode(ErrandProto.ErrandId m) {
    return new ErrandId(
        m.getTree(), required(m.hasEffect(), "effect", m.getEffect(), IdCodec::decode));
  }

  static ErrandProto.Errand encode(Errand errand) {
    return ErrandProto.Errand.newBuilder()
        .setDeed(DeedCodec.encode(errand.deed()))
        .addAllEnvironment(DeedCodec.variables(errand.environment()))
        .setRepeats(errand.times() - 1)
        .build();
  }

  static Errand decode(ErrandProto.Errand m) {
    return new Errand(
        required(m.hasDeed(), "deed", m.getDeed(), DeedCodec::decode),
        DeedCodec.variablesOf("environment", m.getEnvironmentList()),
        Math.addExact(1, m.getRepeats()));
  }

  static ErrandProto.Fate encode(Errand.Fate fate) {
    ErrandProto.Fate.Builder b = ErrandProto.Fate.newBuilder();
    switch (fate) {
      case Errand.Fate.Done d -> b.setDone(DeedCodec.NOTHING);
      case Errand.Fate.Failed f -> {
        b.setFailed(text("failed", f.why()));
        if (f.done() != Errand.Fate.Failed.UNKNOWN) {
          b.setTimes(f.done());
        }
      }
      case Errand.Fate.Refused r -> b.setRefused(text("refused", r.why()));
      case Errand.Fate.Expired e -> b.setExpired(DeedCodec.NOTHING);
    }
    return b.build();
  }

  static Errand.Fate decode(ErrandProto.Fate m) {
    return switch (m.getKindCase()) {
      case DONE -> in("done", m.getDone(), d -> new Errand.Fate.Done());
      case FAILED -> new Errand.Fate.Failed(m.getFailed(), times(m.hasTimes(), m.getTimes()));
      case REFUSED -> new Errand.Fate.Refused(m.getRefused());
      case EXPIRED -> in("expired", m.getExpired(), e -> new Errand.Fate.Expired());
      case KIND_NOT_SET -> throw Fields.noKind();
    };
  }

  /** How often it was done before it failed. */
  static int times(boolean isKnown, int times) {
    if (isKnown && times < 0) {
      throw new WireException("times", "is below zero");
    }
    return isKnown ? times : Errand.Fate.Failed.UNKNOWN;
  }

  static ErrandProto.ErrandBook encode(ErrandBook book) {
    ErrandProto.ErrandBook.Builder b = ErrandProto.ErrandBook.newBuilder().setSince(book.since());
    book.taken()
        .forEach(
            (tree, all) -> {
              ErrandProto.ErrandBook.OfTree.Builder ofTree =
                  b.addTreesBuilder().setTree(text("tree", tree));
              all.forEach(
                  (effect, taken) -> {
                    ErrandProto.ErrandBook.Taken.Builder one =
                        ofTree
                            .addTakenBuilder()
                            .setEffect(IdCodec.encode(effect))
                            .setExpiry(taken.expiry());
                    if (taken.fate() != null) {
                      one.setFate(encode(taken.fate()));
                    }
                  });
            });
    return b.build();
  }

  static ErrandBook decode(ErrandProto.ErrandBook m) {
    return new ErrandBook(
        m.getSince(),
        Keyed.map(
            "trees",
            list(
                "trees",
                m.getTreesList(),
                t ->
                    Map.entry(
                        t.getTree(),
                        Keyed.map("taken", list("taken", t.getTakenList(), ErrandCodec::taken))))));
  }

  private static Map.Entry<EffectId, ErrandBook.Taken> taken(ErrandProto.ErrandBook.Taken m) {
    return Map.entry(
        required(m.hasEffect(), "effect", m.getEffect(), IdCodec::decode),
        new ErrandBook.Taken(
            m.getExpiry(), optional(m.hasFate(), "fate", m.getFate(), ErrandCodec::decode)));
  }
}
