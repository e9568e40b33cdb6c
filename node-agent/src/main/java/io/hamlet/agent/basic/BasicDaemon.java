package io.hamlet.agent.basic;

import io.hamlet.agent.basic.conf.BasicConfig;
import io.hamlet.agent.basic.conf.Fault;
import io.hamlet.agent.basic.conf.Nodes;
import io.hamlet.agent.basic.core.BasicMachine;
import io.hamlet.agent.basic.core.BasicState;
import io.hamlet.agent.basic.core.Deed;
import io.hamlet.agent.basic.core.Happening.Level;
import io.hamlet.agent.basic.core.Now;
import io.hamlet.agent.basic.core.Outcome;
import io.hamlet.agent.basic.core.Report;
import io.hamlet.agent.basic.core.Shared;
import io.hamlet.agent.basic.core.Standing;
import io.hamlet.agent.os.Kernel;
import io.hamlet.agent.os.SignalTrap;
import io.hamlet.agent.script.Raw;
import io.hamlet.agent.script.run.GroupRun;
import io.hamlet.client.Ham;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * The loop of the basic HA daemon: one thread owns the machine, everybody else posts to it. What
 * blocks runs in threads of its own.
 */
final class BasicDaemon {
  private static final int MOST_INPUTS = 10_000;
  private static final long SAVE_SOON = 1_000;

  /** Something that the machine is told; answers what is then to be done. */
  private interface Input {
    List<Deed> apply(Now now);
  }

  private final Home home;
  private final String node;
  private final Journal journal;
  private final Database database;
  private final Function<Object, String> json;
  private final GroupRun runs;
  private final CheckRunner checks;
  private final StepRunner steps;
  private final MirrorThread manager;
  private final BasicMachine machine;
  private final ClusterThread cluster;
  private Set<String> members;
  private final LinkedBlockingQueue<Input> inputs = new LinkedBlockingQueue<>(MOST_INPUTS);
  private boolean stopping;
  private long saveAt = Long.MAX_VALUE;

  BasicDaemon(
      Home home,
      String node,
      Ham ham,
      Kernel kernel,
      Journal journal,
      Database database,
      BasicState before,
      Function<Object, String> json,
      Set<String> members) {
    this.home = home;
    this.node = node;
    this.journal = journal;
    this.database = database;
    this.runs = new GroupRun(kernel);
    this.checks = new CheckRunner(home, runs, kernel);
    this.steps = new StepRunner(home, runs);
    this.json = json;
    this.members = members;
    this.machine = new BasicMachine(node, !members.isEmpty(), before);
    this.manager =
        new MirrorThread(
            new Mirror(ham, home.goPipe()),
            journal,
            (sequence, why) -> post(now -> machine.announceFailed(sequence, why, now)));
    this.cluster =
        members.isEmpty()
            ? null
            : new ClusterThread(ham, node, home.sayPipe(), journal, json, new Told());
    checks.endLeftovers();
  }

  /** What the cluster tells. */
  private final class Told implements ClusterThread.Listener {
    @Override
    public void standing(Standing standing) {
      post(now -> machine.standing(standing, now));
    }

    @Override
    public void kept(long sequence, int at) {
      post(now -> machine.kept(sequence, at, now));
    }

    @Override
    public void superseded(String host) {
      post(now -> machine.superseded(host, now));
    }

    @Override
    public void heard(Shared result) {
      post(now -> machine.heard(result, now));
    }

    @Override
    public void members(Set<String> nodes) {
      post(
          now -> {
            if (nodes.equals(members)) {
              return List.of();
            }
            members = nodes;
            return reloadOrStay(now);
          });
    }
  }

  /** Works until {@link #stop}. */
  void run(BasicConfig config) throws IOException, InterruptedException {
    GoPipe.make(home.sayPipe());
    GoPipe.open(home.goPipe(), (host, section) -> post(now -> machine.fired(host, section, now)));
    Function<Fields, Map<String, Object>> answer = this::answer;
    try (StatusSocket socket = StatusSocket.open(home.socket(), answer, json)) {
      if (!SignalTrap.on("HUP", this::reloadLater)) {
        journal.tell(Level.WARNING, "no-hangup", "this JVM hears no SIGHUP; use ham basic reload");
      }
      manager.start();
      journal.tell(Level.INFO, "started", "node " + node + ", home " + home.directory());
      perform(machine.begin(config, now()));
      if (cluster != null) {
        cluster.start();
      }
      socket.start();
      while (!stopping) {
        step();
      }
    } finally {
      runs.endCaptured();
      checks.endLeftovers();
      manager.stop();
      if (cluster != null) {
        cluster.stop();
      }
      save();
      journal.tell(Level.INFO, "stopped", "pid " + ProcessHandle.current().pid());
    }
  }

  private void step() throws InterruptedException {
    long wait = Math.min(machine.nextTick(), saveAt) - now().mono();
    Input input =
        wait <= 0 ? inputs.poll() : inputs.poll(Math.min(wait, 60_000), TimeUnit.MILLISECONDS);
    Now now = now();
    perform(input == null ? machine.tick(now) : input.apply(now));
    if (now.mono() >= saveAt) {
      save();
    }
  }

  /** Any thread. */
  void stop() {
    post(
        now -> {
          stopping = true;
          return List.of();
        });
  }

  private void post(Input input) {
    try {
      inputs.put(input);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Now now() {
    return new Now(System.nanoTime() / 1_000_000, System.currentTimeMillis());
  }

  private void perform(List<Deed> deeds) {
    // The state is that after all of them, so it is written once, before any that relies on it.
    if (deeds.contains(new Deed.Save(true))) {
      save();
    } else if (deeds.contains(new Deed.Save(false)) && saveAt == Long.MAX_VALUE) {
      saveAt = now().mono() + SAVE_SOON;
    }
    for (Deed deed : deeds) {
      switch (deed) {
        case Deed.Tell tell -> journal.tell(tell.happening());
        case Deed.RunCheck check -> begin("check", () -> run(check));
        case Deed.RunStep step -> begin("action", () -> run(step));
        case Deed.Announce announce -> manager.tell(announce);
        case Deed.Arrange arrange -> manager.tell(arrange);
        case Deed.Keep keep -> cluster.tell(keep);
        case Deed.Look look -> cluster.tell(look);
        case Deed.Share share -> cluster.tell(share);
        case Deed.Save save -> {}
      }
    }
  }

  private void save() {
    saveAt = Long.MAX_VALUE;
    try {
      database.write(machine.state());
    } catch (IOException e) {
      journal.tell(Level.ERROR, "database-unwritable", e.getMessage());
    }
  }

  /** Work in a thread of its own. */
  private interface Work {
    void run() throws InterruptedException;
  }

  private static void begin(String name, Work work) {
    Thread.ofPlatform()
        .name("basic-" + name)
        .daemon()
        .start(
            () -> {
              try {
                work.run();
              } catch (InterruptedException e) {
                // The daemon ends.
              }
            });
  }

  private void run(Deed.RunCheck deed) throws InterruptedException {
    GroupRun.Result result = checks.run(deed);
    Raw raw = result.raw();
    if (!result.errors().isBlank()) {
      boolean good = raw.end() == Raw.End.EXITED && raw.exit() == Outcome.OK.ordinal();
      String text = deed.check().key() + ": " + result.errors().strip();
      journal.tell(good ? Level.DEBUG : Level.WARNING, "check-stderr", text);
    }
    post(now -> machine.checkEnded(deed.check().key(), deed.run(), raw, now));
  }

  private void run(Deed.RunStep deed) throws InterruptedException {
    Raw raw = steps.run(deed);
    post(now -> machine.stepEnded(deed.sequence(), deed.at(), raw, now));
  }

  private void reloadLater() {
    post(this::reloadOrStay);
  }

  private List<Deed> reloadOrStay(Now now) {
    try {
      return reload(now);
    } catch (IllegalArgumentException e) {
      // Told already, fault by fault.
      return List.of();
    }
  }

  /** Both files or neither. */
  private List<Deed> reload(Now now) {
    List<Fault> faults = new ArrayList<>();
    BasicConfig config = home.read(new Nodes(node, members), faults);
    if (faults.isEmpty()) {
      return machine.configure(config, now);
    }
    faults.forEach(f -> journal.tell(Level.ERROR, "reload-failed", f.toString()));
    throw new IllegalArgumentException(
        String.join("\n", faults.stream().map(Fault::toString).toList()));
  }

  /** For a caller at the socket; waits for the loop. */
  private Map<String, Object> answer(Fields request) {
    if (request.map().containsKey("get")) {
      if (!request.text("get").equals("status")) {
        throw new IllegalArgumentException("only 'status' can be got");
      }
      return asked(now -> List.of());
    }
    if (request.map().containsKey("do")) {
      return switch (request.text("do")) {
        case "reload" -> asked(this::reload);
        case "stop" -> {
          stop();
          yield StateText.object("ok", true, "pid", ProcessHandle.current().pid());
        }
        default -> throw new IllegalArgumentException("only 'reload' and 'stop' can be done");
      };
    }
    Report report = Reports.of(request);
    asked(now -> machine.report(report, now));
    return StateText.object("ok", true);
  }

  private Map<String, Object> asked(Input input) {
    CompletableFuture<Map<String, Object>> answer = new CompletableFuture<>();
    post(
        now -> {
          try {
            List<Deed> deeds = input.apply(now);
            answer.complete(status());
            return deeds;
          } catch (IllegalArgumentException e) {
            answer.complete(StateText.object("ok", false, "error", e.getMessage()));
            return List.of();
          }
        });
    Map<String, Object> found = answer.join();
    if (found.get("ok").equals(false)) {
      throw new IllegalArgumentException((String) found.get("error"));
    }
    return found;
  }

  private Map<String, Object> status() {
    Map<String, Object> status =
        StateText.object("ok", true, "node", node, "pid", ProcessHandle.current().pid());
    status.putAll(StateText.of(machine.state()));
    if (cluster != null) {
      status.put("leader", machine.leader());
      status.put("acts", machine.acts());
    }
    status.put("events", journal.newest());
    return status;
  }
}
