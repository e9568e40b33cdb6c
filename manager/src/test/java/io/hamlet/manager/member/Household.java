package io.hamlet.manager.member;

import io.hamlet.core.model.Limits;
import io.hamlet.core.model.Rejection;
import io.hamlet.core.model.RequestId;
import io.hamlet.core.recovery.Command;
import io.hamlet.core.recovery.Drive;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.core.recovery.HamState;
import io.hamlet.core.recovery.Reply;
import io.hamlet.manager.port.Ack;
import io.hamlet.manager.port.History;
import io.hamlet.manager.port.Inbox;
import io.hamlet.manager.port.Requests;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A node's own tree, and a host that does what it is told; and what its right rests on, as the test
 * says. What is told and asked arrives with {@link #arrive}, in order. One thread.
 */
final class Household implements Requests, Inbox, Footing {
  final Drive tree = new Drive(Limits.DEFAULT);

  /** All that was told, oldest first. */
  final List<HamEvent> told = new ArrayList<>();

  /** How often it was asked for an answer. */
  int questions;

  /** Nobody is served now. */
  boolean turnsAway;

  long end = Long.MIN_VALUE;
  String refusal;

  /** What is refused until this is bound, as a leash that is not armed has it; null: nothing. */
  String unbound;

  /** Null: nothing was said of it. */
  Boolean bound;

  private final List<Runnable> onTheWay = new ArrayList<>();

  /** What was told and asked so far, and no more than that. */
  void arrive() {
    List<Runnable> arrived = List.copyOf(onTheWay);
    onTheWay.clear();
    arrived.forEach(Runnable::run);
  }

  <T extends HamEvent> List<T> told(Class<T> kind) {
    return told.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  @Override
  public void post(HamEvent event) {
    told.add(event);
    onTheWay.add(() -> tree.send(event));
  }

  @Override
  public CompletableFuture<Answered> submit(
      RequestId id, Command command, Ack wanted, Duration timeout) {
    questions++;
    CompletableFuture<Answered> answer = new CompletableFuture<>();
    onTheWay.add(() -> answer.complete(new Answered(reply(), Ack.LOCAL, true)));
    return answer;
  }

  private Reply reply() {
    return turnsAway
        ? new Reply.No(new Rejection(Rejection.Reason.UNAVAILABLE, "not now"))
        : Reply.OK;
  }

  @Override
  public HamState state() {
    return tree.state;
  }

  @Override
  public long durableIndex() {
    return 0;
  }

  @Override
  public History history() {
    throw new AssertionError("nobody watches");
  }

  @Override
  public long end() {
    return end;
  }

  @Override
  public String refusal() {
    return refusal != null || Boolean.TRUE.equals(bound) ? refusal : unbound;
  }

  @Override
  public void bind(boolean needed) {
    bound = needed;
  }
}
