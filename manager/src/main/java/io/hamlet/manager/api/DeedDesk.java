package io.hamlet.manager.api;

import io.grpc.stub.StreamObserver;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.Refused;
import io.hamlet.core.recovery.Command;
import io.hamlet.manager.api.ChangeDesk.Change;
import io.hamlet.manager.wire.RequestCodec;
import io.hamlet.v1.AddActionRequest;
import io.hamlet.v1.AddFailItemRequest;
import io.hamlet.v1.Deed;
import io.hamlet.v1.RequestHeader;
import java.util.List;
import java.util.function.LongFunction;

/**
 * Changes that bring a deed, of an action or of what is done when one fails: what can be told to be
 * wrong with it is told now and not when it counts. Thread-safe.
 */
final class DeedDesk {
  private final Acting parts;
  private final ChangeDesk desk;

  DeedDesk(Acting parts, ChangeDesk desk) {
    this.parts = parts;
    this.desk = desk;
  }

  /** Makes a change that brings this deed, off the event loop when that is needed. */
  <A> void make(Deed deed, Change<A> change, StreamObserver<A> out) {
    if (isLookedAt(deed)) {
      desk.makeBlocking(change, out);
    } else {
      desk.make(change, out);
    }
  }

  /** Checks and decodes; may block if the deed is looked at. Throws Refused. */
  Command.AddAction addAction(AddActionRequest request) {
    checkNodes(request.getDeed());
    Command.AddAction add = RequestCodec.addAction(request, identify(request.getDeed()));
    checkProgram(request.getHeader(), add.deed());
    return add;
  }

  /** Checks and decodes; may block if the deed is looked at. Throws Refused. */
  Command.AddFailItem addFailItem(AddFailItemRequest request) {
    checkNodes(request.getDeed());
    Command.AddFailItem add = RequestCodec.addFailItem(request, identify(request.getDeed()));
    checkProgram(request.getHeader(), add.deed());
    return add;
  }

  /** Something of this host is looked at, which may block. */
  private static boolean isLookedAt(Deed deed) {
    return deed.getSignal().getPid() != 0
        || deed.hasExecute()
        || deed.getRestart().getArgvCount() > 0;
  }

  /**
   * A deed that is to be done on a node that is not known is refused now and not when it counts.
   */
  private void checkNodes(Deed deed) {
    desk.checkKnown(deed.getExecute().getNode());
    desk.checkKnown(deed.getPulse().getNode());
    desk.checkKnown(deed.getSignal().getNode());
    if (!isHere(deed.getSignal().getNode()) && deed.getSignal().getPid() == 0) {
      throw Refused.invalid(
          "deed.signal: the entity's own process is not on another node; name one by its pid");
    }
  }

  /** The recipient of a signal is fixed now (ham.md 2.5), by the node on which it is. */
  private LongFunction<ProcessId> identify(Deed deed) {
    String node = deed.getSignal().getNode();
    return isHere(node)
        ? parts.processes()::identify
        : pid -> parts.cluster().processes().identify(node, pid);
  }

  /** A program that is missing here is told now and not when it counts. */
  private void checkProgram(RequestHeader header, io.hamlet.core.model.Deed deed) {
    List<String> words =
        switch (deed) {
          case io.hamlet.core.model.Deed.Execute e when isHere(e.node()) -> e.argv();
          case io.hamlet.core.model.Deed.Restart r -> r.argv();
          default -> List.of();
        };
    if (!words.isEmpty() && !header.getNode().equals(Trees.CLUSTER)) {
      parts.processes().checkProgram(words.getFirst());
    }
  }

  private boolean isHere(String node) {
    return node.isEmpty() || node.equals(parts.requests().state().node());
  }
}
