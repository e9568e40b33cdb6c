package io.hamlet.manager.api;

import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.Refused;
import io.hamlet.core.model.Rejection;
import io.hamlet.core.recovery.Channel;
import io.hamlet.core.recovery.ChannelId;
import io.hamlet.core.recovery.Command;
import io.hamlet.core.recovery.Reply;
import io.hamlet.manager.port.Requests;
import io.hamlet.v1.AckLevel;
import io.hamlet.v1.Pulse;
import io.hamlet.v1.PulsesRequest;
import io.hamlet.v1.PulsesResponse;
import io.hamlet.v1.RequestHeader;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * One stream that serves one channel. Messages come one at a time, the next is asked for when the
 * one before is dealt with; everything is written by the drain, so there is one writer.
 */
final class PulseFeed implements StreamObserver<PulsesRequest> {
  private static final int BATCH = 256;
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final RequestHeader LOCAL =
      RequestHeader.newBuilder().setAck(AckLevel.ACK_LEVEL_LOCAL).build();
  private static final long AGAIN_MILLIS = 50;

  private final Acting parts;
  private final ChangeDesk desk;
  private final SelfDesk self;
  private final PulseDesk channels;
  private final Executor blocking;
  private final ScheduledExecutorService answering;
  private final ServerCallStreamObserver<PulsesResponse> out;
  private final Drain drain;
  private final Peer peer = Peer.CALL.get();
  private volatile ChannelId id;
  private volatile StatusException failure;
  private volatile boolean done;
  private volatile boolean closing;
  private volatile boolean first = true;
  // The drain's own.
  private boolean announced;
  private boolean over;
  private long sent;

  /**
   * @param blocking for what looks at processes
   * @param answering for all else; the thread that writes, so that a pulse waits for no other
   */
  PulseFeed(
      Acting parts,
      ChangeDesk desk,
      SelfDesk self,
      PulseDesk channels,
      Executor blocking,
      ScheduledExecutorService answering,
      ServerCallStreamObserver<PulsesResponse> out) {
    this.parts = parts;
    this.desk = desk;
    this.self = self;
    this.channels = channels;
    this.blocking = blocking;
    this.answering = answering;
    this.out = out;
    this.drain = new Drain(answering, this::pump);
    out.disableAutoRequest();
    out.setOnReadyHandler(drain::ring);
    out.setOnCancelHandler(this::leave);
    out.request(1);
  }

  void ring() {
    drain.ring();
  }

  /** Another stream of the same process serves the channel now. */
  void replaced() {
    fail(
        Status.ABORTED
            .withDescription("another connection of this process has taken up the channel")
            .asException());
  }

  @Override
  public void onNext(PulsesRequest request) {
    if (first) {
      first = false;
      blocking.execute(Context.current().wrap(() -> open(request)));
    } else if (request.getClose()) {
      closing = true;
      change(new Command.CloseChannel(id.pid(), id.channel()), true);
    } else {
      acknowledge(request.getAcknowledge());
    }
  }

  @Override
  public void onError(Throwable broken) {
    leave();
  }

  @Override
  public void onCompleted() {
    done = true;
    drain.ring();
    leave();
  }

  private void open(PulsesRequest request) {
    try {
      desk.checkOwn(request.getHeader());
      ProcessId owner = self.caller(peer, request.getPid());
      if (request.getChannel() != 0) {
        takeUp(owner, request.getChannel());
        return;
      }
      desk.submit(request.getHeader(), new Command.OpenChannel(owner), PATIENCE)
          .whenCompleteAsync((given, e) -> opened(owner, given, e), answering);
    } catch (RuntimeException e) {
      fail(Refusals.status(e, ""));
    }
  }

  private void opened(ProcessId owner, Requests.Answered given, Throwable e) {
    StatusException refused = ChangeDesk.refusal(given, e, "");
    if (refused != null) {
      fail(refused);
    } else if (given.reply() instanceof Reply.Number number) {
      try {
        takeUp(owner, Math.toIntExact(number.value()));
      } catch (Refused gone) {
        fail(Refusals.status(gone, ""));
      }
    } else {
      fail(Refusals.status(new IllegalStateException("no channel but " + given.reply()), ""));
    }
  }

  private void takeUp(ProcessId owner, int number) {
    ChannelId wanted = new ChannelId(owner.pid(), number);
    Channel channel = parts.requests().state().channels().get(wanted);
    if (channel == null || !channel.owner().equals(owner)) {
      throw lost(wanted);
    }
    id = wanted;
    channels.takeUp(wanted, this);
    if (out.isCancelled() || done) {
      leave(); // It went while the channel was being opened.
    }
    out.request(1);
    drain.ring();
  }

  private void acknowledge(long upTo) {
    if (upTo < 0) {
      fail(Refusals.status(Refused.invalid("acknowledge: out of range"), ""));
      return;
    }
    change(new Command.AcknowledgePulses(id.pid(), id.channel(), upTo), false);
  }

  private void change(Command command, boolean last) {
    try {
      desk.submit(LOCAL, command, PATIENCE)
          .whenCompleteAsync((given, e) -> changed(command, given, e, last), answering);
    } catch (Refused e) {
      if (last || !isNotNow(e.rejection())) {
        fail(Refusals.status(e, ""));
      } else {
        again(command);
      }
    }
  }

  /** An acknowledgement that is refused for now must not cost the pulses that are still to come. */
  private void again(Command acknowledgement) {
    if (!out.isCancelled() && !done) {
      answering.schedule(() -> change(acknowledgement, false), AGAIN_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private static boolean isNotNow(Rejection rejection) {
    return rejection.reason() == Rejection.Reason.UNAVAILABLE
        || rejection.reason() == Rejection.Reason.LIMIT;
  }

  private void changed(Command command, Requests.Answered given, Throwable e, boolean last) {
    StatusException refused = ChangeDesk.refusal(given, e, "");
    boolean notNow = e == null && given.reply() instanceof Reply.No no && isNotNow(no.rejection());
    if (!last && notNow) {
      again(command);
    } else if (refused != null) {
      fail(refused);
    } else if (last) {
      done = true;
      channels.leave(id, this, true);
      drain.ring();
    } else {
      out.request(1);
    }
  }

  private void pump() {
    if (over || out.isCancelled()) {
      return;
    }
    StatusException why = failure;
    if (why != null) {
      over = true;
      out.onError(why);
      return;
    }
    if (done) {
      over = true;
      out.onCompleted();
      return;
    }
    if (id == null) {
      return;
    }
    if (!announced) {
      announced = true;
      out.onNext(PulsesResponse.newBuilder().setChannel(id.channel()).build());
    }
    send();
  }

  private void send() {
    while (out.isReady()) {
      Channel channel = parts.requests().state().channels().get(id);
      if (channel == null && closing) {
        return; // As asked; the answer to that ends the stream.
      }
      if (channel == null) {
        fail(Refusals.status(lost(id), ""));
        return;
      }
      PulsesResponse.Builder batch = PulsesResponse.newBuilder();
      for (Channel.Pulse pulse : channel.pulses()) {
        if (pulse.number() > sent && batch.getPulsesCount() < BATCH) {
          sent = pulse.number();
          batch.addPulses(
              Pulse.newBuilder()
                  .setNumber(pulse.number())
                  .setCode(pulse.code())
                  .setValue(pulse.value()));
        }
      }
      if (batch.getPulsesCount() == 0) {
        return;
      }
      out.onNext(batch.build());
    }
  }

  private void fail(StatusException why) {
    failure = why;
    leave();
    drain.ring();
  }

  private void leave() {
    ChannelId mine = id;
    if (mine != null) {
      channels.leave(mine, this, false);
    }
  }

  private static Refused lost(ChannelId id) {
    return new Refused(
        Rejection.Reason.NOT_FOUND,
        "channel "
            + id.channel()
            + " of process "
            + id.pid()
            + " does not exist, or was given up while nobody served it; open a new one");
  }
}
