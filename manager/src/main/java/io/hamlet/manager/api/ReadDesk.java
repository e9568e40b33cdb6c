package io.hamlet.manager.api;

import com.google.protobuf.ByteString;
import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.EntryId;
import io.hamlet.core.model.Moment;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.ObjectPath;
import io.hamlet.core.model.Refused;
import io.hamlet.core.model.Rejection;
import io.hamlet.core.recovery.HamState;
import io.hamlet.core.recovery.Happening;
import io.hamlet.manager.port.Directory;
import io.hamlet.manager.port.History;
import io.hamlet.manager.wire.Explanation;
import io.hamlet.manager.wire.HappeningCodec;
import io.hamlet.manager.wire.InfoText;
import io.hamlet.manager.wire.Position;
import io.hamlet.manager.wire.TenureWriter;
import io.hamlet.manager.wire.TreeWriter;
import io.hamlet.v1.GetHandleRequest;
import io.hamlet.v1.Handle;
import io.hamlet.v1.ReadRequest;
import io.hamlet.v1.ReadResponse;
import io.hamlet.v1.StatusRequest;
import io.hamlet.v1.StatusResponse;
import io.hamlet.v1.TreeObject;
import io.hamlet.v1.WhyRequest;
import io.hamlet.v1.WhyResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;

/** Answers that only look. Pure functions of a snapshot; they may take a while. Thread-safe. */
final class ReadDesk {
  /** Of one answer; it must fit beside all else into a small heap. */
  private static final int MOST_OBJECTS = 10_000;

  private static final int SLICE = 1_024;
  private static final int MOST_EVENTS = 1_000;
  private final Acting parts;
  private final TreeWriter tree;
  private final Semaphore bigReads = new Semaphore(2);

  ReadDesk(Acting parts) {
    this.parts = parts;
    this.tree = new TreeWriter(new InfoText(parts.zone(), parts.lastBeat()));
  }

  Handle handle(Tree from, GetHandleRequest request) {
    return TreeWriter.handle(from.state(), ObjectPath.parse(request.getPath()));
  }

  /** A tree at a time or two: many big ones at once would not fit into the heap. */
  ReadResponse read(Tree from, ReadRequest request) {
    bigReads.acquireUninterruptibly();
    try {
      return readNow(from, request);
    } finally {
      bigReads.release();
    }
  }

  private ReadResponse readNow(Tree from, ReadRequest request) {
    boolean own = !from.state().isOfCluster() && from.note().isEmpty();
    // Before the state: a right that stands in it still is the one that was asked for.
    long right = own && parts.cluster() != null ? parts.cluster().right().getAsLong() : 0;
    HamState state = own ? parts.requests().state() : from.state();
    List<TreeObject> objects =
        tree.read(state, request.getPath(), request.getDepth(), MOST_OBJECTS);
    return ReadResponse.newBuilder()
        .setNode(state.node())
        .addAllObjects(
            state.isOfCluster()
                ? TenureWriter.complete(objects, parts.cluster().state().get())
                : TenureWriter.withRight(objects, state, right))
        .setPosition(positionOf(state).text())
        .setNote(from.note())
        .build();
  }

  /** Of this node; the digest is of the tree that was asked for. */
  StatusResponse status(Tree tree, StatusRequest request) {
    // Looked at once: the digest is that of the index beside it.
    HamState asked = tree.state();
    HamState newest = parts.requests().state();
    HamState state = asked.node().equals(newest.node()) ? asked : newest;
    InfoText.Counts counts = InfoText.Counts.of(state);
    HamState.Pair pair = state.pair();
    StatusResponse.Builder status =
        StatusResponse.newBuilder()
            .setNode(state.node())
            .setVersion(parts.version())
            .setRole("ham")
            .setBoot(state.boot())
            .setHam(manager(pair.hamPid(), pair.since(), pair.hamFailures(), ""))
            .setEpoch(state.last().epoch())
            .setEntities(counts.entities())
            .setConditions(counts.conditions())
            .setActions(counts.actions())
            .setIndex(state.last().index())
            .setDurableIndex(parts.requests().durableIndex())
            .addAllNotices(parts.notices().get())
            .addAllAddresses(addresses())
            .setBeatsSuspended(state.beatsSuspended())
            .setVerbosity(state.verbosity());
    if (pair.guardianPid() != 0) {
      status.setGuardian(
          manager(
              pair.guardianPid(),
              pair.guardianSince(),
              pair.guardianFailures(),
              parts.guardian().get()));
    }
    if (request.getDigest()) {
      status.setDigest(ByteString.copyFrom(parts.digest().apply(asked)));
    }
    if (parts.cluster() != null) {
      ClusterView view = new ClusterView(parts.cluster());
      status.setCluster(view.status(request.getDigest()));
    }
    return status.build();
  }

  /** Of the other managers. */
  private List<String> addresses() {
    return parts.cluster() == null
        ? List.of()
        : parts.cluster().directory().nodes().stream()
            .filter(n -> n.state() == Directory.State.UP)
            .filter(n -> !n.name().equals(parts.requests().state().node()))
            .map(Directory.Node::address)
            .filter(a -> !a.isEmpty())
            .toList();
  }

  WhyResponse why(Tree from, WhyRequest request) {
    Name entity = new Name(request.getEntity());
    HamState state = from.state();
    History history = from.history();
    List<Happening> known = new ArrayList<>();
    boolean truncated = false;
    boolean heardOf = state.entity(entity) != null;
    EffectId after = null;
    while (true) {
      History.Slice slice = history.read(after, SLICE);
      // While it is read from the oldest on, the oldest may be dropped.
      truncated |= slice.gap();
      if (slice.happenings().isEmpty()) {
        break;
      }
      after = slice.happenings().getLast().id();
      for (Happening happening : slice.happenings()) {
        boolean own = HappeningCodec.within(entity.value(), happening.path());
        heardOf |= own;
        if (own || Explanation.isOfNodes(happening)) {
          known.add(happening);
        }
      }
      if (known.size() > MOST_EVENTS) {
        known.subList(0, known.size() - MOST_EVENTS).clear();
        truncated = true;
      }
    }
    if (!heardOf) {
      throw new Refused(
          Rejection.Reason.NOT_FOUND,
          "there is no entity '"
              + entity
              + "' on node "
              + state.node()
              + ", and nothing is known of an earlier one");
    }
    Explanation explanation = Explanation.of(entity.value(), known);
    WhyResponse.Builder why =
        WhyResponse.newBuilder()
            .setSummary(explanation.summary())
            .setTruncated(truncated)
            .setNote(from.note());
    explanation.chain().forEach(h -> why.addEvents(HappeningCodec.event(state.node(), h)));
    return why.build();
  }

  /** After everything that led to this state. */
  private static Position positionOf(HamState state) {
    EntryId last = state.last();
    return new Position(state.node(), new EffectId(last, Integer.MAX_VALUE));
  }

  private static StatusResponse.Manager manager(
      long pid, Moment since, long failures, String shown) {
    return StatusResponse.Manager.newBuilder()
        .setPid(pid)
        .setSince(since == null ? 0 : since.wallNanos())
        .setFailures(failures)
        .setState(shown)
        .build();
  }
}
