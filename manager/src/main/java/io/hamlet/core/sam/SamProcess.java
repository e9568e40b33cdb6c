package io.hamlet.core.sam;

import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.Exit;
import io.hamlet.core.model.Moment;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.ProcessSpec;
import io.hamlet.core.model.RequestId;
import java.util.function.Consumer;

/**
 * One supervised program, over all its instances.
 *
 * @param uid of this supervision; the name begun anew has another
 * @param id the pid under which its keys are published; stays the same over all instances
 * @param claim how far the calls of this instance have got
 * @param instance counts from 1; 0: none was launched yet
 * @param process of this instance; {@link ProcessId#NONE} before the first
 * @param warning why this instance was warned, null: it was not; only a new instance clears it
 * @param doom why it is being killed, else null
 * @param timer the deadline it waits for: the limit of a start, or of a kill; else null
 * @param waiting the start that waits for a quorum, else null
 * @param warnSignal that announces the kill; 0: none
 * @param eventDriven messages come from the client library, which asks the program
 * @param again how to start it after a failure, until it is an entity; null: nothing was said
 * @param secret from which the tokens of its instances are made
 * @param heard when the newest logged message came; null: none yet
 * @param end of the instance before, null: this is the first
 * @param past it failed in an earlier boot: known, but judged no more
 */
public record SamProcess(
    Name name,
    long uid,
    long id,
    SamContract contract,
    SamState state,
    Claim claim,
    long instance,
    ProcessId process,
    SamEnd.Cause warning,
    SamEnd.Cause doom,
    EffectId timer,
    RequestId waiting,
    int warnSignal,
    Blob data,
    boolean eventDriven,
    ProcessSpec again,
    String secret,
    Moment heard,
    SamEnd end,
    boolean past) {
  public static final int SIGTERM = 15;
  public static final int SIGKILL = 9;

  /** What of initialize and register this instance has called itself. */
  public enum Claim {
    NONE,
    INITIALIZED,
    REGISTERED
  }

  /** A running program that has called initialize. */
  public static SamProcess initialized(
      Name name,
      long uid,
      SamContract contract,
      ProcessId process,
      ProcessSpec again,
      String secret) {
    return fresh(name, uid, process.pid(), contract, again, secret)
        .with(
            d -> {
              d.state = SamState.INITIALIZED;
              d.claim = Claim.INITIALIZED;
              d.instance = 1;
              d.process = process;
            });
  }

  /**
   * A program that is being launched.
   *
   * @param id the pid of whoever has it launched
   */
  public static SamProcess launching(
      Name name, long uid, long id, SamContract contract, Blob data, String secret) {
    return fresh(name, uid, id, contract, null, secret).with(d -> d.data = data);
  }

  private static SamProcess fresh(
      Name name, long uid, long id, SamContract contract, ProcessSpec again, String secret) {
    return new SamProcess(
        name,
        uid,
        id,
        contract,
        SamState.RECOVERING,
        Claim.NONE,
        0,
        ProcessId.NONE,
        null,
        null,
        null,
        null,
        SIGTERM,
        Blob.NONE,
        false,
        again,
        secret,
        null,
        null,
        false);
  }

  /** What a call for this instance must carry, or nothing if it comes from an administrator. */
  public String token() {
    return secret + "." + instance;
  }

  /** The same for the instance after this one. */
  public String nextToken() {
    return secret + "." + (instance + 1);
  }

  /** Messages do not postpone its kill any more (sam.md 4.3). */
  public boolean isDeaf() {
    return state == SamState.WARNED && warning == SamEnd.Cause.QUORUM && !contract.strict();
  }

  /** Has a process that is its own entity. */
  public boolean isAttached() {
    return state == SamState.REGISTERED || state.isSupervised();
  }

  /** As it is with the data that the cluster keeps for it. */
  public SamProcess withData(Blob kept) {
    return with(d -> d.data = kept);
  }

  public SamProcess withTimer(EffectId id) {
    return with(d -> d.timer = id);
  }

  /** How the instance before ended became known only now. */
  public SamProcess withExit(Exit exit) {
    return with(d -> d.end = new SamEnd(end.instance(), end.cause(), exit));
  }

  SamProcess with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.process();
  }

  /** The parts that change, open for one change. */
  static final class Draft {
    private final SamProcess old;
    SamContract contract;
    SamState state;
    Claim claim;
    long instance;
    ProcessId process;
    SamEnd.Cause warning;
    SamEnd.Cause doom;
    EffectId timer;
    RequestId waiting;
    int warnSignal;
    Blob data;
    boolean eventDriven;
    Moment heard;
    SamEnd end;
    boolean past;

    private Draft(SamProcess p) {
      old = p;
      contract = p.contract;
      state = p.state;
      claim = p.claim;
      instance = p.instance;
      process = p.process;
      warning = p.warning;
      doom = p.doom;
      timer = p.timer;
      waiting = p.waiting;
      warnSignal = p.warnSignal;
      data = p.data;
      eventDriven = p.eventDriven;
      heard = p.heard;
      end = p.end;
      past = p.past;
    }

    private SamProcess process() {
      return new SamProcess(
          old.name,
          old.uid,
          old.id,
          contract,
          state,
          claim,
          instance,
          process,
          warning,
          doom,
          timer,
          waiting,
          warnSignal,
          data,
          eventDriven,
          old.again,
          old.secret,
          heard,
          end,
          past);
    }
  }
}
