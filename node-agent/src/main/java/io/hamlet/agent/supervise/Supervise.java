package io.hamlet.agent.supervise;

import io.hamlet.agent.os.Kernel;
import io.hamlet.agent.os.Reactor;
import io.hamlet.agent.os.SignalTrap;
import io.hamlet.agent.os.ffm.FfmKernel;
import io.hamlet.agent.supervise.health.Health;
import io.hamlet.agent.supervise.notify.NotifyServer;
import io.hamlet.client.Command;
import io.hamlet.client.Ham;
import io.hamlet.client.Sam;
import io.hamlet.client.SamException;
import io.hamlet.client.SamProgram;
import java.io.IOException;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;

/** Puts {@code ham supervise} together, and runs it in the thread that calls. */
public final class Supervise {
  /** What is handed on to the program, by name and number. */
  private static final Map<String, Integer> SIGNALS =
      Map.of("TERM", 15, "INT", 2, "HUP", 1, "USR1", 10, "WINCH", 28, "CONT", 18);

  private final Plan plan;
  private final Seat seat;
  private final PrintStream err;
  private final Kernel kernel = new FfmKernel();
  private final Reactor reactor = new Reactor(kernel);

  /**
   * @param seat ours alone, until it is closed
   */
  public Supervise(Plan plan, Seat seat, PrintStream err) {
    this.plan = plan;
    this.seat = seat;
    this.err = err;
  }

  /** Without a manager; answers what to exit with. */
  public int alone() throws IOException {
    Map<String, String> environment = new LinkedHashMap<>(plan.environment());
    environment.putAll(channel());
    boolean isGroup = !plan.strict();
    Child child = new Child(kernel, reactor, plan.argv(), environment, plan.directory(), isGroup);
    try (Supervisor supervisor = new OwnSupervisor(plan, kernel, reactor, child)) {
      return run(supervisor);
    }
  }

  /**
   * By the manager of this host, which stays the caller's; answers what to exit with.
   *
   * @param out gets what the program prints; null: the manager keeps it, as for any entity
   */
  public int under(Ham ham, PrintStream out) throws IOException, Refusal, InterruptedException {
    boolean isTakenUp = isRunning(ham);
    Command.Builder command = Command.builder(plan.argv()).directory(plan.directory().toString());
    plan.environment().forEach(command::env);
    channel().forEach(command::env);
    command.env(Fingerprint.VARIABLE, Fingerprint.of(plan));
    if (out != null) {
      command.logFile(seat.output().toString());
    }
    if (plan.strict()) {
      command.killProcessOnly();
    }
    Output output = out == null ? null : Output.of(seat.output(), isTakenUp, out);
    try (Supervisor supervisor =
        new ManagedSupervisor(plan, ham, command.build(), isTakenUp, kernel, reactor)) {
      return run(supervisor);
    } finally {
      if (output != null) {
        output.close();
      }
    }
  }

  /** Somebody else's program has the name. */
  public static final class Refusal extends Exception {
    private static final long serialVersionUID = 1;

    private Refusal(String message) {
      super(message);
    }
  }

  /** True for one that a predecessor of ours has left, and that is as it was asked of us. */
  private boolean isRunning(Ham ham) throws Refusal, InterruptedException {
    SamProgram known;
    try {
      known = Sam.named(ham, plan.name()).look();
    } catch (SamException e) {
      throw new Refusal(e.getMessage());
    }
    if (known == null || known.isOver()) {
      return false;
    }
    if (known.pid() == 0 || Fingerprint.of(plan).equals(Fingerprint.of(known.pid()))) {
      return true;
    }
    throw new Refusal(
        "it is supervised already, as process "
            + known.pid()
            + ", with another command or other options; end it, or choose another --name");
  }

  private int run(Supervisor supervisor) throws IOException {
    Narrator narrator = new Narrator(plan.name(), err);
    Wrapper wrapper = new Wrapper(plan, kernel, reactor, supervisor, narrator);
    SIGNALS.forEach(
        (name, number) ->
            SignalTrap.on(name, () -> reactor.execute(() -> wrapper.signalled(number))));
    if (!(plan.health() instanceof Health.Notify)) {
      return wrapper.run();
    }
    NotifyServer server = new NotifyServer(kernel, reactor, seat.socket(), wrapper::heard);
    wrapper.hearRestBy(server::receive);
    try {
      return wrapper.run();
    } finally {
      server.close();
    }
  }

  /** What the program is told of the channel to us. */
  private Map<String, String> channel() {
    Map<String, String> told = new LinkedHashMap<>();
    if (plan.health() instanceof Health.Notify) {
      told.put("NOTIFY_SOCKET", seat.socket().toString());
      if (!plan.interval().isZero()) {
        told.put("WATCHDOG_USEC", String.valueOf(plan.interval().toNanos() / 1_000));
      }
    }
    return told;
  }
}
