package io.hamlet.agent.supervise;

import io.hamlet.agent.os.Kernel;
import io.hamlet.agent.os.Reactor;
import io.hamlet.agent.script.run.GroupRun;
import io.hamlet.agent.supervise.health.Finding;
import io.hamlet.agent.supervise.health.Health;
import io.hamlet.agent.supervise.health.Prober;
import io.hamlet.agent.supervise.notify.Kin;
import io.hamlet.agent.supervise.notify.Word;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The loop of {@code ham supervise}: hears the program, its probes, its supervisor and our own
 * signals, and does what the advocate makes of it. The thread of the reactor owns it all.
 */
final class Wrapper implements Supervisor.Listener {
  private static final int SIGHUP = 1;
  private static final int SIGINT = 2;
  private static final int MOST_WAITING = 16;

  private final Plan plan;
  private final Kernel kernel;
  private final Reactor reactor;
  private final Supervisor supervisor;
  private final Narrator narrator;
  private final GroupRun runs;
  private final Advocate advocate;
  private final Early early;
  private Runnable hearRest = () -> {};
  private Prober prober;
  private long instance;
  private long pid;
  private final List<Integer> waiting = new ArrayList<>();
  private boolean isLeaving;
  private int leftWith = -1;
  private boolean isOver;
  private int status;

  Wrapper(Plan plan, Kernel kernel, Reactor reactor, Supervisor supervisor, Narrator narrator) {
    this.plan = plan;
    this.kernel = kernel;
    this.reactor = reactor;
    this.supervisor = supervisor;
    this.narrator = narrator;
    this.runs = new GroupRun(kernel);
    this.early = new Early(reactor, this::told);
    this.advocate = new Advocate(plan.interval(), plan.startsWhenReady());
  }

  /** What hears datagrams that wait; else they are heard when the reactor comes to them. */
  void hearRestBy(Runnable receive) {
    hearRest = receive;
  }

  /** Runs until nothing follows any more; answers what to exit with. */
  int run() {
    supervisor.begin(this);
    while (!isOver) {
      reactor.await(advocate.nextDue());
      long now = kernel.bootNanos();
      if (now >= advocate.nextDue()) {
        perform(advocate.due(now));
      }
    }
    stopProber();
    return status;
  }

  /** A datagram at the notify socket. */
  void heard(long sender, List<Word> words) {
    if (!Kin.isOf(pid, sender)) {
      early.hold(sender, words);
      return;
    }
    hear(words);
  }

  private void hear(List<Word> words) {
    long now = kernel.bootNanos();
    for (Word word : words) {
      if (word instanceof Word.MainPid main && main.pid() != pid) {
        told("MAINPID=" + main.pid() + ": the process that was started stays the main one");
      }
      perform(advocate.heard(word, now));
    }
  }

  /** A signal to ourselves; before there is a program it waits for it. */
  void signalled(int signal) {
    boolean ends = signal == SIGINT || signal == Kernel.SIGTERM;
    isLeaving |= ends;
    if (ends || signal == SIGHUP) {
      perform(advocate.signalled(ends));
    }
    if (instance > 0) {
      supervisor.signal(signal);
    } else if (waiting.size() < MOST_WAITING) {
      waiting.add(signal);
    }
  }

  @Override
  public void began(long number, long process, boolean isSupervised, boolean isTakenUp) {
    instance = number;
    pid = process;
    told("instance " + number + (isTakenUp ? " runs on as process " : " is process ") + process);
    long now = kernel.bootNanos();
    perform(isTakenUp ? advocate.takenUp(isSupervised, now) : advocate.began(isSupervised, now));
    if (plan.health().isProbe()) {
      startProber();
    }
    early.release(pid, this::hear);
    List<Integer> signals = List.copyOf(waiting);
    waiting.clear();
    signals.forEach(this::signalled);
    if (isLeaving && signals.isEmpty()) {
      // Its predecessor was gone before anybody could know that it, or we, were to end.
      signalled(Kernel.SIGTERM);
    }
  }

  @Override
  public void started() {
    advocate.started(kernel.bootNanos());
  }

  @Override
  public void warned(String why) {
    told("warned: " + why);
    advocate.warned();
  }

  @Override
  public void dying() {
    hearRest.run();
  }

  @Override
  public void ended(long number, String how, boolean byItself, int exitStatus) {
    told("instance " + number + " ended: " + how);
    if (byItself && advocate.leaves() && !isLeaving) {
      isLeaving = true;
      leftWith = exitStatus;
    }
    advocate.ended();
    pid = 0;
    stopProber();
  }

  @Override
  public void over(int exitStatus, String why) {
    if (!why.isEmpty()) {
      told(why);
    }
    isOver = true;
    status = leftWith < 0 ? exitStatus : leftWith;
    // The loop may be asleep without an event of its own to come.
    reactor.ring();
  }

  @Override
  public void told(String line) {
    narrator.tell(line, kernel.bootNanos());
  }

  private void perform(List<Deed> deeds) {
    for (Deed deed : deeds) {
      switch (deed) {
        case Deed.Start d -> {
          told("supervision begins");
          supervisor.start();
        }
        case Deed.Stop d -> supervisor.stop(d.ofItself());
        case Deed.Beat d -> supervisor.beat();
        case Deed.Unhealthy d -> {
          told(d.why());
          supervisor.unhealthy(d.why());
        }
        case Deed.Tell d -> told(d.line());
      }
    }
  }

  private void startProber() {
    stopProber();
    long looked = instance;
    Map<String, String> environment = new LinkedHashMap<>(plan.environment());
    environment.put("HAM_PROCESS", plan.name());
    environment.put("HAM_INSTANCE_ID", String.valueOf(instance));
    environment.put("HAM_PID", String.valueOf(pid));
    environment.put(GroupRun.MARK, "supervise-" + ProcessHandle.current().pid() + ";");
    Health health = plan.health();
    prober =
        Prober.start(
            health,
            plan.interval(),
            runs,
            environment,
            plan.directory(),
            finding -> reactor.execute(() -> found(looked, finding)));
  }

  private void found(long looked, Finding finding) {
    if (looked == instance && pid != 0) {
      perform(advocate.found(finding, kernel.bootNanos()));
    }
  }

  private void stopProber() {
    if (prober != null) {
      prober.close();
      prober = null;
    }
  }
}
