package io.hamlet.core.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.model.Exit;
import io.hamlet.core.model.Life;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.ProcessSpec;
import io.hamlet.core.model.Rejection;
import io.hamlet.core.model.RequestId;
import io.hamlet.core.model.RestartPolicy;
import io.hamlet.core.sam.Blob;
import io.hamlet.core.sam.Recovery;
import io.hamlet.core.sam.SamCall;
import io.hamlet.core.sam.SamCalls;
import io.hamlet.core.sam.SamContract;
import io.hamlet.core.sam.SamKeys;
import io.hamlet.core.sam.SamProcess;
import io.hamlet.core.sam.SamState;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/**
 * One supervised program on a {@link Drive}: its calls, its silence, its end. Time passes only when
 * a case says so; then the program is silent, as the watch of the runtime would find it.
 */
final class SamBed extends Drive {
  static final Name NAME = new Name("app");
  private static final long MILLI = 1_000_000;

  private Effect.WatchSilence listening;
  private long listenedFrom;
  private long heard = Long.MIN_VALUE;
  private int seenEffects;
  private int read;

  SamBed() {
    super(io.hamlet.core.model.Limits.DEFAULT);
  }

  /** The strict contract of libsam: interval, policy and flags. */
  static SamContract strict(long millis, Recovery recovery, String flags) {
    return new SamContract(
        millis,
        recovery,
        flags.contains("quorum"),
        flags.contains("cmap"),
        true,
        false,
        0,
        RestartPolicy.NONE,
        List.of());
  }

  /** The default contract, with the restart limits of sam.md 4.3. */
  static SamContract modern(long millis, Recovery recovery, String flags, Integer... success) {
    return new SamContract(
        millis,
        recovery,
        flags.contains("quorum"),
        flags.contains("cmap"),
        false,
        false,
        0,
        new RestartPolicy(
            5, Duration.ofSeconds(60), Duration.ofMillis(100), Duration.ofSeconds(10)),
        List.of(success));
  }

  /** A running program initializes. */
  Reply initialize(SamContract contract) {
    return call(
        new SamCall.Initialize(
            contract, newProcess(), ProcessSpec.of(List.of("/bin/app")), "secret"));
  }

  /** A running program initializes and registers. */
  void registered(SamContract contract) {
    assertThat(initialize(contract)).isInstanceOf(Reply.Handle.class);
    assertThat(call(new SamCall.Register())).isEqualTo(new Reply.Number(1));
  }

  /** A program is launched, and registered by that. */
  void launched(SamContract contract) {
    must(
        new Command.Sam(
            NAME,
            "",
            new SamCall.Launch(
                contract, 4711, ProcessSpec.of(List.of("/bin/app")), Blob.NONE, "secret")));
  }

  Reply call(SamCall call) {
    return call(nextRequest(), call);
  }

  Reply call(RequestId id, SamCall call) {
    Reply reply = ask(id, new Command.Sam(NAME, "", call));
    listen();
    return reply;
  }

  void ok(SamCall call) {
    assertThat(call(call)).as("%s", call).isEqualTo(Reply.OK);
  }

  void no(Rejection.Reason reason, SamCall call) {
    HamState before = state;
    assertThat(call(call))
        .as("%s", call)
        .isInstanceOfSatisfying(
            Reply.No.class, no -> assertThat(no.rejection().reason()).isEqualTo(reason));
    assertThat(state).isSameAs(before);
  }

  void start() {
    ok(new SamCall.Start(0));
  }

  void stop() {
    ok(new SamCall.Stop(false));
  }

  void heartbeat() {
    SamCalls.checkHeartbeat(program());
    heard = now();
  }

  /** Time passes and nobody says a word; what is overdue is told at its time. */
  void silence(long millis) {
    long until = now() + millis * MILLI;
    listen();
    while (listening != null && dueAt() <= until) {
      pass((dueAt() - now()) / MILLI);
      Effect.WatchSilence l = listening;
      listenedFrom = now();
      send(new HamEvent.Silent(l.program(), l.uid(), l.instance()));
      listen();
    }
    pass((until - now()) / MILLI);
    listen();
  }

  void quorum(boolean quorate) {
    send(new HamEvent.QuorumChanged(quorate));
    listen();
  }

  /** The process ends; the host finds out. */
  void ends(Exit exit) {
    Life life = entity("app").life();
    send(new HamEvent.Died(NAME, entity("app").uid(), ((Life.Up) life).number(), exit));
    listen();
  }

  void endsByKill() {
    ends(Exit.signaled(9, false));
  }

  SamProcess program() {
    return state.sam().find(NAME);
  }

  SamState at() {
    return program() == null ? null : program().state();
  }

  long instance() {
    return program().instance();
  }

  ProcessId process() {
    return program().process();
  }

  /** Signals sent since the last look, in order. */
  List<Integer> signals() {
    List<Integer> found =
        effects.subList(seenEffects, effects.size()).stream()
            .filter(Effect.Signal.class::isInstance)
            .map(e -> ((Effect.Signal) e).signal())
            .toList();
    seenEffects = effects.size();
    return found;
  }

  boolean groupKilled() {
    return effects.stream()
        .anyMatch(
            e ->
                e instanceof Effect.End end
                    && end.process().equals(process())
                    && end.grace().isZero());
  }

  void store(String text) {
    ok(new SamCall.StoreData(Blob.of(text.getBytes(StandardCharsets.UTF_8))));
  }

  String restored() {
    return new String(SamCalls.restore(program(), Long.MAX_VALUE).bytes(), StandardCharsets.UTF_8);
  }

  String key(String key) {
    long boot = program().heard() == null ? 0 : program().heard().bootNanos();
    return SamKeys.of(program(), boot, boot).get("resources.process." + program().id() + "." + key);
  }

  /** Programs that were told to run, in order. */
  List<String> ran() {
    return effects.stream()
        .filter(Effect.Go.class::isInstance)
        .map(e -> ((Effect.Go) e).spec().argv().getFirst())
        .toList();
  }

  /** What is told of the transitions, oldest first. */
  List<String> transitions() {
    return effects.stream()
        .filter(Effect.Announce.class::isInstance)
        .map(e -> ((Effect.Announce) e).happening())
        .filter(h -> h.event().equals("sam-state"))
        .map(Happening::reason)
        .toList();
  }

  /** What the runtime listens to, as of the effects so far. */
  Effect.WatchSilence listening() {
    listen();
    return listening;
  }

  private void listen() {
    for (; read < effects.size(); read++) {
      switch (effects.get(read)) {
        case Effect.WatchSilence w -> {
          listening = w;
          listenedFrom = now();
        }
        case Effect.UnwatchSilence u -> listening = null;
        default -> {}
      }
    }
  }

  private long dueAt() {
    boolean first = listening.deaf() || heard < listenedFrom;
    return first ? listenedFrom + listening.firstNanos() : heard + listening.periodNanos();
  }

  private long now() {
    return millis() * MILLI;
  }
}
