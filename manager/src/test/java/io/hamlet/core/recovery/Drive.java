package io.hamlet.core.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.Entity;
import io.hamlet.core.model.EntryId;
import io.hamlet.core.model.Exit;
import io.hamlet.core.model.Life;
import io.hamlet.core.model.Limits;
import io.hamlet.core.model.Moment;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.Rejection;
import io.hamlet.core.model.RequestId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Drives the machine as its loop would, on a clock moved by hand, and plays a host that does at
 * once what it is told. After each step all invariants are asserted.
 */
public class Drive {
  static final String BOOT = "boot-1";
  private static final long CLIENT = 7;

  /** What the machine did and how it answered, step by step. */
  private record Done(Entry entry, List<Effect> effects) {}

  /** Programs that cannot be started. */
  public final Set<String> broken = new HashSet<>();

  /** Signals to these pids are refused. */
  final Set<Long> unreachable = new HashSet<>();

  /** Signals are neither sent nor refused. */
  boolean muteSignals;

  /** Why quelled processes do not end; empty: they end at once. */
  public String unkillable = "";

  /** Starts are left undone until {@link #release}. */
  public boolean holdStarts;

  public HamState state;
  private HamState first;
  private final List<Done> journal = new ArrayList<>();
  final List<Effect> effects = new ArrayList<>();
  private final Map<RequestId, Reply> answers = new HashMap<>();
  private final Set<EffectId> seen = new HashSet<>();
  private final Deque<HamEvent> due = new ArrayDeque<>();
  private final List<Effect> held = new ArrayList<>();
  private final Map<String, EffectId> awaited = new HashMap<>();
  private long now = 1_000_000_000L;
  private long epoch = 1;
  private long sequence;
  private long nextPid = 1000;

  public Drive(Limits limits) {
    first = HamState.empty("n1", limits);
    state = first;
    send(new HamEvent.TookOver("n1", BOOT, 10, 11, false));
  }

  // --- requests -------------------------------------------------------------------------------

  RequestId nextRequest() {
    return new RequestId(CLIENT, ++sequence, 1);
  }

  /** The answer, or null while it is outstanding. */
  Reply ask(Command command) {
    return ask(nextRequest(), command);
  }

  Reply ask(RequestId id, Command command) {
    send(new HamEvent.Requested(id, command));
    return answers.get(id);
  }

  Reply answerTo(RequestId id) {
    return answers.get(id);
  }

  /** Asks for what must be granted at once; gives the number in the answer, 0 if there is none. */
  long must(Command command) {
    return switch (ask(command)) {
      case Reply.Ok ok -> 0;
      case Reply.Number number -> number.value();
      case Reply.Handle handle -> handle.uid();
      case Reply.No no -> throw new AssertionError(command + " was refused: " + no.rejection());
      case null -> throw new AssertionError(command + " was not answered");
    };
  }

  /** Asks for what must be refused for that reason, and must change nothing. */
  void refuses(Rejection.Reason reason, Command command) {
    HamState before = state;
    assertThat(ask(command))
        .as("%s", command)
        .isInstanceOfSatisfying(
            Reply.No.class,
            no -> {
              assertThat(no.rejection().reason()).as(no.rejection().message()).isEqualTo(reason);
              assertThat(no.rejection().message()).isNotBlank();
            });
    assertThat(state).as("a refusal changes nothing").isSameAs(before);
  }

  // --- the world ------------------------------------------------------------------------------

  /** One event, and all that follows from it at once. */
  public void send(HamEvent event) {
    step(event).forEach(this::perform);
    settle();
  }

  void dies(String entity, Exit exit) {
    Entity e = entity(entity);
    assertThat(e.life()).as("%s runs", entity).isInstanceOf(Life.Up.class);
    send(new HamEvent.Died(e.name(), e.uid(), ((Life.Up) e.life()).number(), exit));
  }

  public void dies(String entity) {
    dies(entity, Exit.signaled(9, false));
  }

  void misses(String entity, boolean high, int misses) {
    Entity e = entity(entity);
    long life = e.life() instanceof Life.Up up ? up.number() : 0;
    send(new HamEvent.BeatsMissed(e.name(), e.uid(), life, high, misses));
  }

  void pass(long millis) {
    long until = now + millis * 1_000_000;
    while (state.nextDeadline() <= until) {
      now = Math.max(now, state.nextDeadline());
      long before = state.nextDeadline();
      send(new HamEvent.TimePassed());
      assertThat(state.nextDeadline()).as("a deadline is dealt with").isGreaterThan(before);
    }
    now = until;
  }

  long millis() {
    return now / 1_000_000;
  }

  void appears(String path) {
    EffectId waiting = awaited.remove(path);
    assertThat(waiting).as("%s is awaited", path).isNotNull();
    send(new HamEvent.Done(waiting));
  }

  boolean awaits(String path) {
    return awaited.containsKey(path);
  }

  /** A successor of the same boot, after a failure, which has the open effects performed again. */
  List<Effect> takeOver() {
    return takeOver(BOOT, true);
  }

  List<Effect> takeOver(String boot, boolean failure) {
    epoch++;
    awaited.clear();
    held.clear();
    List<Effect> told = step(new HamEvent.TookOver("n1", boot, 10 + epoch, 11 + epoch, failure));
    told.stream()
        .filter(e -> e instanceof Effect.Announce || e instanceof Effect.WriteLog)
        .forEach(this::perform);
    List<Effect> again = HamMachine.resume(state);
    again.forEach(this::perform);
    settle();
    return again;
  }

  /** As if the running process of that entity were its so-manieth; the journal begins here. */
  public void aged(String entity, long starts) {
    Entity e = entity(entity);
    Life.Up up = (Life.Up) e.life();
    Turn turn = new Turn(state, next(new HamEvent.TimePassed()));
    turn.put(
        e.withLife(new Life.Up(up.process(), starts, up.home()))
            .withStats(e.stats().withStarts(starts)));
    first = turn.finish().state();
    state = first;
    journal.clear();
  }

  /** Performs the starts that were held. */
  public void release() {
    holdStarts = false;
    List<Effect> list = List.copyOf(held);
    held.clear();
    list.forEach(this::perform);
    settle();
  }

  public Entity entity(String name) {
    return state.entity(new Name(name));
  }

  private void settle() {
    for (int steps = 0; !due.isEmpty(); steps++) {
      assertThat(steps).as("the machine comes to rest").isLessThan(1000);
      step(due.poll()).forEach(this::perform);
    }
  }

  // --- the drive ------------------------------------------------------------------------------

  private Entry next(HamEvent event) {
    EntryId id = new EntryId(1, epoch, state.last().index() + 1);
    return new Entry(id, new Moment(now, now + 5), event);
  }

  private List<Effect> step(HamEvent event) {
    Entry entry = next(event);
    HamState before = state;
    Step step = HamMachine.apply(before, entry);
    if (step.changed()) {
      assertThat(step.state().last()).as("the state names its entry").isEqualTo(entry.id());
      journal.add(new Done(entry, step.effects()));
    } else {
      assertThat(step.state()).as("unchanged is the same object").isSameAs(before);
    }
    state = step.state();
    assertThat(Invariants.faults(state)).as("after %s", event).isEmpty();
    for (Effect effect : step.effects()) {
      if (effect instanceof Effect.Announce announce) {
        assertThat(seen.add(announce.happening().id())).as("one id, one happening").isTrue();
      }
    }
    return step.effects();
  }

  private void perform(Effect effect) {
    effects.add(effect);
    switch (effect) {
      case Effect.Prepare e when holdStarts -> held.add(e);
      case Effect.Go e when holdStarts -> held.add(e);
      case Effect.Prepare e when broken.contains(e.spec().argv().getFirst()) ->
          due.add(new HamEvent.Failed(e.id(), "no such program"));
      case Effect.Prepare e ->
          due.add(new HamEvent.Prepared(e.id(), newProcess(), "home-" + nextPid));
      case Effect.Go e -> due.add(new HamEvent.Started(e.id(), e.gate(), e.home()));
      case Effect.Quell e when unkillable.isEmpty() -> due.add(new HamEvent.Done(e.id()));
      case Effect.Quell e -> due.add(new HamEvent.Failed(e.id(), unkillable));
      case Effect.Signal e when unreachable.contains(e.process().pid()) ->
          due.add(new HamEvent.Failed(e.id(), "no such process"));
      case Effect.Signal e when muteSignals -> {}
      case Effect.Signal e -> due.add(new HamEvent.Done(e.id()));
      case Effect.AwaitPath e -> awaited.put(e.path(), e.id());
      case Effect.Forget e -> awaited.values().remove(e.id());
      case Effect.Answer e -> answers.put(e.id(), e.reply());
      default -> {}
    }
  }

  ProcessId newProcess() {
    return new ProcessId(nextPid, 50_000 + nextPid++);
  }

  /** The journal leads to the same effects and the same state again. */
  void assertReplays() {
    HamState again = first;
    for (Done done : journal) {
      Step step = HamMachine.apply(again, done.entry());
      assertThat(step.changed()).isTrue();
      assertThat(step.effects()).isEqualTo(done.effects());
      again = step.state();
    }
    assertThat(again).isEqualTo(state);
    assertThat(HamMachine.resume(again)).isEqualTo(HamMachine.resume(state));
  }
}
