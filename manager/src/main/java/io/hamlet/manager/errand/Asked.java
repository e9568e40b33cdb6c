package io.hamlet.manager.errand;

import io.hamlet.core.model.Errand;
import io.hamlet.core.model.ErrandId;
import io.hamlet.core.recovery.Effect;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.manager.port.Inbox;
import io.hamlet.manager.port.Member;
import io.hamlet.manager.wire.ErrandMessage;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** One errand on its way, from the side that asks. Guards itself. */
final class Asked {
  private static final long FIRST_PAUSE = Duration.ofMillis(200).toNanos();
  private static final long LONGEST_PAUSE = Duration.ofSeconds(1).toNanos();

  final ErrandId id;
  final Effect.Ask effect;
  private final Inbox answers;
  private final BooleanSupplier asks;
  private int attempt;
  private long pause = FIRST_PAUSE / 2;
  private long again;
  private String boot = "";
  private long expiry;
  private Member asked;

  /**
   * @param asks whether this node asks for it now
   */
  Asked(ErrandId id, Effect.Ask effect, Inbox answers, BooleanSupplier asks) {
    this.id = id;
    this.effect = effect;
    this.answers = answers;
    this.asks = asks;
  }

  String node() {
    return effect.errand().node();
  }

  boolean mayAsk() {
    return asks.getAsBoolean();
  }

  /** When the core gives it up by itself. */
  boolean isOver(long now) {
    return now >= effect.expires() + Errand.MARGIN.toNanos();
  }

  /** By us, or by a manager before us. */
  synchronized boolean mayHaveBeenAsked() {
    return attempt > 0 || effect.repeated();
  }

  synchronized long again() {
    return again;
  }

  /** Not asked, or another manager acts there by now. */
  synchronized boolean isFor(Member ham) {
    return ham != null && (asked == null || ham.pid() != asked.pid());
  }

  /**
   * The next attempt in words.
   *
   * @param clock of the other node, or null
   */
  synchronized ErrandMessage.Body.Ask next(Member to, FarClocks.Reading clock, long now) {
    attempt++;
    pause = Math.min(2 * pause, LONGEST_PAUSE);
    again = now + pause;
    asked = to;
    // Who is in another boot by what we last heard says which it is now.
    boolean known = clock != null && !effect.isForAnother(clock.boot());
    String theirs = known ? clock.boot() : "";
    long told = known ? clock.at(effect.expires(), now) : 0;
    // What refuses this attempt must refuse all before it, and a later reading may be a worse one.
    expiry = theirs.equals(boot) ? Math.max(expiry, told) : told;
    boot = theirs;
    long born = expiry - Errand.SPAN.toNanos();
    return new ErrandMessage.Body.Ask(id, effect.errand(), boot, born, expiry, attempt);
  }

  /** Nobody is there to be asked. */
  synchronized void later(long now) {
    again = now + pause;
    asked = null;
  }

  synchronized boolean isLast(int number) {
    return number == attempt;
  }

  /**
   * The other node knows of nothing and says that it is too late by its clock. That is the end only
   * if it was asked by that clock, and it is too late by ours.
   */
  synchronized boolean isTooLate(String bootThere, long now) {
    return boot.equals(bootThere) && now >= effect.expires();
  }

  void done() {
    answers.post(new HamEvent.Done(effect.id()));
  }

  void failed(String why) {
    failed(new Errand.Fate.Failed(why));
  }

  void failed(Errand.Fate.Failed fate) {
    answers.post(new HamEvent.Failed(effect.id(), fate.why(), fate.done()));
  }
}
