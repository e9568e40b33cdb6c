package io.hamlet.client.internal;

import io.hamlet.client.EventStream;
import io.hamlet.client.WatchSpec;
import io.hamlet.v1.HamGrpc;
import io.hamlet.v1.LeadRequest;
import io.hamlet.v1.LeadResponse;
import java.time.Duration;
import java.util.function.UnaryOperator;

/** Asks the cluster. */
final class LeadCalls implements Ballot {
  private static final String PATH = ".lead/";
  private final Session session;
  private final String name;
  private EventStream events;

  /**
   * @param session that means the cluster tree
   */
  LeadCalls(Session session, String name) {
    this.session = session;
    this.name = name;
  }

  @Override
  public void listen() throws InterruptedException {
    if (events == null || events.isOver()) {
      rest();
      events = session.watch(WatchSpec.ALL.path(PATH + name));
    }
  }

  @Override
  public void rest() {
    if (events != null) {
      events.close();
      events = null;
    }
  }

  @Override
  public void await(Duration atMost) throws InterruptedException {
    events.poll(atMost);
  }

  @Override
  public long claim(long holder, long turn, Duration span, Duration timeout)
      throws InterruptedException {
    String who = session.link().node() + " process " + ProcessHandle.current().pid();
    return call(
            holder, timeout, r -> r.setTurn(turn).setSpanMs(span.toMillis()).setWho(who.strip()))
        .getToken();
  }

  @Override
  public void leave(long holder, Duration timeout) throws InterruptedException {
    call(holder, timeout, r -> r);
  }

  private LeadResponse call(
      long holder, Duration timeout, UnaryOperator<LeadRequest.Builder> request)
      throws InterruptedException {
    return session
        .withTimeout(timeout)
        .change(
            HamGrpc.getLeadMethod(),
            header ->
                request
                    .apply(
                        LeadRequest.newBuilder().setHeader(header).setName(name).setHolder(holder))
                    .build());
  }

  @Override
  public boolean isOver() {
    return session.link().isClosed();
  }
}
