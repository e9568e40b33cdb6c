package io.hamlet.manager.api;

import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.StatusException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.hamlet.core.model.Refused;
import io.hamlet.core.model.Rejection;
import io.hamlet.core.model.RequestId;
import io.hamlet.core.recovery.Command;
import io.hamlet.core.recovery.Reply;
import io.hamlet.manager.port.Ack;
import io.hamlet.manager.port.Requests;
import io.hamlet.manager.wire.RequestCodec;
import io.hamlet.v1.AckLevel;
import io.hamlet.v1.RequestHeader;
import io.hamlet.v1.ResponseHeader;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/** The way of every request that changes something: decode, submit, answer. Thread-safe. */
final class ChangeDesk {
  /** All connections together; what is beyond is refused before it costs anything. */
  private static final int MOST_PENDING = 16_384;

  /** Changes nothing. */
  private static final Command QUESTION = new Command.Verbose(Command.VerboseVerb.GET, 0);

  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(10);
  private final Trees trees;
  private final Executor answering;
  private final Executor blocking;
  private final AtomicInteger pending = new AtomicInteger();

  /**
   * @param answering runs what follows an answer, so that no thread of the core ever does
   * @param blocking for decoding that looks at processes and files
   */
  ChangeDesk(Trees trees, Executor answering, Executor blocking) {
    this.trees = trees;
    this.answering = answering;
    this.blocking = blocking;
  }

  /**
   * One change.
   *
   * @param path what a refusal is about
   * @param decode may throw Refused
   * @param answer of an accepted change
   */
  record Change<A>(
      RequestHeader header,
      String path,
      Supplier<Command> decode,
      BiFunction<ResponseHeader, Reply, A> answer) {}

  /** Makes a change whose decoding does not block. */
  <A> void make(Change<A> change, StreamObserver<A> out) {
    ((ServerCallStreamObserver<A>) out).setOnCancelHandler(() -> {});
    start(change, timeout(), out);
  }

  /** Makes a change whose decoding may block. */
  <A> void makeBlocking(Change<A> change, StreamObserver<A> out) {
    ((ServerCallStreamObserver<A>) out).setOnCancelHandler(() -> {});
    Duration timeout = timeout();
    blocking.execute(Context.current().wrap(() -> start(change, timeout, out)));
  }

  private <A> void start(Change<A> change, Duration timeout, StreamObserver<A> out) {
    CompletableFuture<Requests.Answered> answered;
    try {
      trees.desk(change.header().getNode());
      answered = submit(change.header(), change.decode().get(), timeout);
    } catch (RuntimeException e) {
      out.onError(Refusals.status(e, change.path()));
      return;
    }
    answered.whenCompleteAsync((given, e) -> answer(change, given, e, out), answering);
  }

  private <A> void answer(
      Change<A> change, Requests.Answered given, Throwable e, StreamObserver<A> out) {
    StatusException refused = refusal(given, e, change.path());
    if (refused != null) {
      out.onError(refused);
      return;
    }
    ResponseHeader header = header(change.header(), given);
    out.onNext(change.answer().apply(header, given.reply()));
    out.onCompleted();
  }

  /** The status of an answer that is none, or null when all is well. */
  static StatusException refusal(Requests.Answered given, Throwable e, String path) {
    if (e != null) {
      return Refusals.status(e, path);
    }
    return switch (given.reply()) {
      case null -> Refusals.status(new TimeoutException(), path);
      case Reply.No no -> Refusals.status(no.rejection(), path);
      case Reply.Ok ok -> null;
      case Reply.Number number -> null;
      case Reply.Handle handle -> null;
    };
  }

  /** Hands a command in; throws Refused when too many are in work. */
  CompletableFuture<Requests.Answered> submit(
      RequestHeader header, Command command, Duration timeout) {
    Requests requests = trees.desk(header.getNode());
    checkTree(header, command);
    RequestId id = RequestCodec.requestId(header);
    Ack wanted = wanted(header.getAck());
    if (pending.incrementAndGet() > MOST_PENDING) {
      pending.decrementAndGet();
      throw new Refused(
          Rejection.Reason.LIMIT,
          "more than " + MOST_PENDING + " requests are in work; send fewer at once");
    }
    try {
      return requests
          .submit(id, command, wanted, timeout)
          .whenComplete((given, e) -> pending.decrementAndGet());
    } catch (RuntimeException e) {
      pending.decrementAndGet();
      throw e;
    }
  }

  /**
   * Waits until all that was answered before is known here: a question that is an entry itself is
   * answered after it. Throws Refused when that cannot be, StatusException when it was not in time.
   */
  void catchUp(Tree tree, RequestHeader header, Duration timeout) throws StatusException {
    if (!tree.note().isEmpty()) {
      throw new Refused(
          Rejection.Reason.UNAVAILABLE, tree.note() + ", and that need not be the latest");
    }
    // The own tree has one writer, and that is asked.
    if (tree.state().isOfCluster()) {
      CompletableFuture<Requests.Answered> asked = submit(header, QUESTION, timeout);
      Requests.Answered given =
          asked.completeOnTimeout(null, 2 * timeout.toMillis(), TimeUnit.MILLISECONDS).join();
      StatusException refused = refusal(given, given == null ? new TimeoutException() : null, "");
      if (refused != null) {
        throw refused;
      }
    }
  }

  /**
   * Refuses what only the cluster can do, and is meant for a node: no log of a node may hold it.
   */
  private static void checkTree(RequestHeader header, Command command) {
    if (command instanceof Command.OfCluster && !header.getNode().equals(Trees.CLUSTER)) {
      throw Refused.invalid(
          "header.node: this can be asked of the cluster only, not of a node; name '*'");
    }
  }

  /** Refuses what only the manager of this node can do, and is meant for another. */
  void checkOwn(RequestHeader header) {
    if (!trees.isOwn(header.getNode())) {
      trees.desk(header.getNode());
      throw Refused.invalid("header.node: this can be asked of a node only, not of a tree");
    }
  }

  /** Refuses a node that is not known. */
  void checkKnown(String node) {
    trees.checkKnown(node);
  }

  ResponseHeader header(RequestHeader asked, Requests.Answered given) {
    String node = trees.isOwn(asked.getNode()) ? trees.node() : asked.getNode();
    ResponseHeader.Builder header =
        ResponseHeader.newBuilder().setAck(level(given.reached())).setNode(node);
    if (!given.onTime() && asked.getAck() == AckLevel.ACK_LEVEL_UNSPECIFIED) {
      header.setWarning(
          "the change is made but has so far only got to the level " + given.reached());
    }
    return header.build();
  }

  /** What is left of the call's time, less what the answer needs to travel. */
  static Duration timeout() {
    Deadline deadline = Context.current().getDeadline();
    if (deadline == null) {
      return DEFAULT_TIMEOUT;
    }
    long left = Math.max(0, deadline.timeRemaining(TimeUnit.NANOSECONDS));
    long travel = Math.min(left / 10, TimeUnit.MILLISECONDS.toNanos(200));
    return Duration.ofNanos(Math.min(left - travel, LONGEST_TIMEOUT.toNanos()));
  }

  private static Ack wanted(AckLevel level) {
    return switch (level) {
      case ACK_LEVEL_UNSPECIFIED -> null;
      case ACK_LEVEL_LOCAL -> Ack.LOCAL;
      case ACK_LEVEL_DURABLE -> Ack.DURABLE;
      case ACK_LEVEL_REPLICA -> Ack.REPLICA;
      case ACK_LEVEL_MAJORITY -> Ack.MAJORITY;
      case UNRECOGNIZED -> throw Refused.invalid("header.ack: no such level");
    };
  }

  static AckLevel level(Ack ack) {
    return switch (ack) {
      case LOCAL -> AckLevel.ACK_LEVEL_LOCAL;
      case DURABLE -> AckLevel.ACK_LEVEL_DURABLE;
      case REPLICA -> AckLevel.ACK_LEVEL_REPLICA;
      case MAJORITY -> AckLevel.ACK_LEVEL_MAJORITY;
    };
  }
}
