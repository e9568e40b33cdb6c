package io.hamlet.agent.supervise;

import io.hamlet.agent.os.Errno;
import io.hamlet.agent.os.Kernel;
import io.hamlet.agent.os.Reactor;
import io.hamlet.agent.os.WaitStatus;
import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.EntryId;
import io.hamlet.core.model.Exit;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.Refused;
import io.hamlet.core.model.RequestId;
import io.hamlet.core.model.Tally;
import io.hamlet.core.recovery.Backoff;
import io.hamlet.core.sam.Blob;
import io.hamlet.core.sam.Patience;
import io.hamlet.core.sam.SamAct;
import io.hamlet.core.sam.SamCall;
import io.hamlet.core.sam.SamCalls;
import io.hamlet.core.sam.SamEnd;
import io.hamlet.core.sam.SamFact;
import io.hamlet.core.sam.SamFacts;
import io.hamlet.core.sam.SamProcess;
import io.hamlet.core.sam.SamState;
import io.hamlet.core.sam.SamStep;

/**
 * Supervises without a manager, by the same machine that the manager has (sam.md 4.5). Here it is
 * in our own memory: who kills us leaves the program running, and unsupervised.
 */
final class OwnSupervisor implements Supervisor {
  private static final int SIGINT = 2;

  /** What a shell says of a program that cannot be run. */
  private static final int NOT_STARTED = 126;

  private static final RequestId NOBODY = new RequestId(0, 0, 0);

  private final Plan plan;
  private final Kernel kernel;
  private final Reactor reactor;
  private final Child child;
  private Listener listener;
  private SamProcess program;
  private Patience patience;
  private Reactor.Timer silence;
  private Reactor.Timer due;
  private Reactor.Timer again;
  private long heard;
  private long began;
  private Tally tally = Tally.EMPTY;
  private long starts;

  OwnSupervisor(Plan plan, Kernel kernel, Reactor reactor, Child child) {
    this.plan = plan;
    this.kernel = kernel;
    this.reactor = reactor;
    this.child = child;
  }

  @Override
  public void begin(Listener to) {
    listener = to;
    program =
        SamProcess.launching(
            new Name(plan.name()),
            1,
            ProcessHandle.current().pid(),
            Contract.of(plan),
            Blob.NONE,
            "");
    launch();
  }

  private void launch() {
    again = null;
    long pid = child.start(this::ended);
    began = kernel.bootNanos();
    if (pid < 0) {
      listener.told("it cannot be started: " + Errno.text(pid));
      restart(0);
      return;
    }
    // The pid is ours until we bury it, so it needs no start time to be known by.
    happened(new SamFact.Launched(new ProcessId(pid, 0)));
    if (program.instance() == 1) {
      perform(SamCalls.serve(program, new SamCall.WarnSignal(plan.warnSignal()), now()));
    }
    boolean isStarted = !plan.startsWhenReady();
    if (isStarted) {
      perform(SamCalls.startNow(program, now()));
    }
    listener.began(program.instance(), pid, isStarted, false);
  }

  @Override
  public void start() {
    call(new SamCall.Start(0));
  }

  @Override
  public void stop(boolean ofItself) {
    call(new SamCall.Stop(ofItself));
  }

  @Override
  public void beat() {
    heard = kernel.bootNanos();
    listen();
  }

  @Override
  public void unhealthy(String why) {
    call(new SamCall.Unhealthy());
  }

  @Override
  public void signal(int number) {
    if (again != null && (number == Kernel.SIGTERM || number == SIGINT)) {
      again = cancelled(again);
      listener.over(status(), "it is not started again");
    }
    child.signal(number);
  }

  /** Legal or not, as with the manager: who asks too late hears nothing. */
  private void call(SamCall call) {
    try {
      perform(SamCalls.serve(program, call, now()));
    } catch (Refused late) {
      // The program ended, or was warned, before this came.
    }
  }

  private void happened(SamFact fact) {
    perform(SamFacts.happened(program, fact, reactor.now()));
  }

  private SamCalls.Now now() {
    return new SamCalls.Now(reactor.now(), true, NOBODY);
  }

  private void perform(SamStep step) {
    program = step.process();
    for (SamAct act : step.acts()) {
      switch (act) {
        case SamAct.Listen listen -> {
          patience =
              new Patience(
                  kernel.bootNanos(), listen.firstNanos(), listen.periodNanos(), listen.deaf());
          heard = 0;
          listen();
        }
        case SamAct.Deafen deafen -> {
          patience = null;
          listen();
        }
        case SamAct.Warn warn -> {
          listener.warned(warn.cause().word());
          child.signal(program.warnSignal());
        }
        case SamAct.Kill kill -> {
          listener.told("killed: " + kill.cause().word());
          child.kill();
        }
        case SamAct.Await await ->
            due = reactor.after(await.nanos(), () -> happened(new SamFact.Due()));
        case SamAct.Forget forget -> due = cancelled(due);
        case SamAct.Raise raise -> listener.told("beyond help: " + raise.cause().word());
        case SamAct.Answer answer -> {
          // Nobody waits.
        }
        case SamAct.Die die -> {
          // What follows is decided where the end is known.
        }
        case SamAct.Leave leave -> {
          // There is no tree to leave.
        }
      }
    }
    if (program.state() == SamState.FAILED && child.isAlive()) {
      listener.over(1, "it cannot be killed");
    }
  }

  /** Looks when the next message is due, not before. */
  private void listen() {
    silence = cancelled(silence);
    if (patience == null || patience.due(heard) == Long.MAX_VALUE) {
      return;
    }
    silence = reactor.after(patience.due(heard) - kernel.bootNanos(), this::look);
  }

  private void look() {
    long now = kernel.bootNanos();
    switch (patience.look(now, heard)) {
      case WAIT -> listen();
      case SILENT -> happened(new SamFact.Silent());
      case WE_WERE_LATE -> {
        patience = patience.anew(now);
        listen();
      }
    }
  }

  private void ended(int waitStatus) {
    Exit exit = WaitStatus.exit(waitStatus);
    listener.dying();
    due = cancelled(due);
    happened(new SamFact.Exited(exit));
    SamEnd.Cause cause = program.end().cause();
    String how = exit.reason() + " (" + cause.word() + ")";
    listener.ended(program.end().instance(), how, cause == SamEnd.Cause.EXITED, status());
    if (program.state() == SamState.RECOVERING) {
      restart(kernel.bootNanos() - began);
    } else {
      listener.over(status(), "");
    }
  }

  private void restart(long ran) {
    EffectId seed = new EffectId(new EntryId(1, 1, ++starts), 0);
    long now = kernel.bootNanos();
    switch (Backoff.decide(program.contract().restarts(), tally, ran, now, seed)) {
      case Backoff.Now at -> {
        tally = at.tally();
        launch();
      }
      case Backoff.Later later -> {
        tally = later.tally();
        long wait = later.untilBoot() - now;
        listener.told("started again in " + wait / 1_000_000 + " ms");
        again = reactor.after(wait, this::launch);
      }
      case Backoff.Spent spent -> {
        happened(new SamFact.GivenUp());
        listener.over(status(), "given up: " + spent.why());
      }
    }
  }

  private int status() {
    return program.end() == null ? NOT_STARTED : program.end().status(plan.strict());
  }

  private static Reactor.Timer cancelled(Reactor.Timer timer) {
    if (timer != null) {
      timer.cancel();
    }
    return null;
  }

  @Override
  public void close() {
    silence = cancelled(silence);
    due = cancelled(due);
    again = cancelled(again);
  }
}
