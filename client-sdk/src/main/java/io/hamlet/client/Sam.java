package io.hamlet.client;

import io.hamlet.client.internal.GroupCalls;
import io.hamlet.client.internal.SamCalls;
import io.hamlet.client.internal.SamLine;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Supervision of one program by the manager of its node: this very process, or another that was
 * launched or is looked after (sam.md 1.4, 4.4). Thread-safe; no call holds up another.
 *
 * <p>Calls are repeated by themselves while a manager is taken over, and then done once. All but
 * {@link #start()} come back within the limit of the connection, 10 s at first. A refusal is a
 * {@link SamException} with the status of libsam, and has changed nothing.
 */
public final class Sam implements AutoCloseable {
  private static final String NAME = "HAM_PROCESS";
  private static final String TOKEN = "HAM_SAM_TOKEN";

  /** A process has one supervision in its life. */
  private static final AtomicReference<Sam> OWN = new AtomicReference<>();

  private final SamCalls calls;
  private final SamLine line;
  private final HealthThread health;
  private final boolean own;

  private Sam(SamCalls calls, boolean own) {
    this.calls = calls;
    this.own = own;
    this.line = new SamLine(calls);
    this.health = new HealthThread(this);
  }

  /**
   * Supervision of this process begins; it is registered and started by further calls. The manager
   * is the one of HAM_SERVER, the name that of HAM_PROCESS, else {@code sam-PID}. With RESTART the
   * process must have been launched by its manager: else see the other initialize.
   */
  public static Sam initialize(Duration interval, RecoveryPolicy policy, SamFlag... flags)
      throws SamException, InterruptedException {
    return initialize(
        Ham.connect(), "", SamContract.of(interval, policy, flags), null, System.getenv());
  }

  /**
   * As above.
   *
   * @param ham stays the caller's
   * @param name empty: that of the environment, else {@code sam-PID}
   * @param again how to start the program after a failure; null: as it was launched
   * @param environment of this process, where its launcher has left name and token
   */
  public static Sam initialize(
      Ham ham, String name, SamContract contract, Command again, Map<String, String> environment)
      throws SamException, InterruptedException {
    String token = environment.getOrDefault(TOKEN, "");
    String wanted = name.isEmpty() ? environment.getOrDefault(NAME, "") : name;
    long pid = ProcessHandle.current().pid();
    String used = wanted.isEmpty() ? "sam-" + pid : wanted;
    Sam sam =
        new Sam(
            SamCalls.of(ham.session(), used, used.equals(environment.get(NAME)) ? token : ""),
            true);
    if (!OWN.compareAndSet(null, sam)) {
      throw new SamException(
          SamStatus.BAD_HANDLE, "this process is supervised already, or was", null);
    }
    boolean done = false;
    try {
      sam.calls.initialize(contract, again, pid);
      done = true;
    } finally {
      if (!done) {
        OWN.set(null);
      }
    }
    return sam;
  }

  /**
   * Has a program started and registered; what it is told is in its environment.
   *
   * @param data that its first instance finds; empty: none
   */
  public static Sam launch(Ham ham, String name, SamContract contract, Command command, byte[] data)
      throws SamException, InterruptedException {
    Sam sam = new Sam(SamCalls.of(ham.session(), name, ""), false);
    sam.calls.launch(contract, command, data);
    return sam;
  }

  /** A program by its name, whichever instance of it is there; asks nobody. */
  public static Sam named(Ham ham, String name) {
    return new Sam(SamCalls.of(ham.session(), name, ""), false);
  }

  /**
   * The instance of a program that speaks, as its environment says; asks nobody.
   *
   * @param token of the instance; empty: whichever is there
   */
  public static Sam named(Ham ham, String name, String token) {
    return new Sam(SamCalls.of(ham.session(), name, token), false);
  }

  /** All programs of a node. */
  public static List<SamProgram> list(Ham ham) throws SamException, InterruptedException {
    return SamCalls.of(ham.session(), "-", "").list("");
  }

  public String name() {
    return calls.name();
  }

  /** A running process, not this one, begins: for a supervisor that speaks for it. */
  public void initialize(SamContract contract, Command again, long pid)
      throws SamException, InterruptedException {
    calls.initialize(contract, again, pid);
  }

  /** Gives the number of this instance, from 1. */
  public int register() throws SamException, InterruptedException {
    long instance = calls.register();
    if (own) {
      line.open();
    }
    return Math.toIntExact(instance);
  }

  /** How the instance before ended; null: this is the first. Known after {@link #register}. */
  public SamEnd previousEnd() {
    return calls.previousEnd();
  }

  /**
   * Turns supervision on. With {@link SamFlag#QUORUM} it waits for a quorum, however long; an
   * interrupt ends that, and the program is not started.
   */
  public void start() throws SamException, InterruptedException {
    begin(Duration.ZERO);
  }

  /**
   * The same, but waits no longer than that.
   *
   * @param limit above zero
   * @return false: there was no quorum in time, and the program is not started
   */
  public boolean start(Duration limit) throws SamException, InterruptedException {
    return begin(limit);
  }

  /** The same without waiting; cancelling the future ends the start. */
  public CompletableFuture<Void> startAsync() {
    CompletableFuture<Void> started = new CompletableFuture<>();
    Thread starter =
        Thread.ofVirtual()
            .name("sam-start")
            .start(
                () -> {
                  try {
                    start();
                    started.complete(null);
                  } catch (SamException e) {
                    started.completeExceptionally(e);
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    started.completeExceptionally(new CompletionException(e));
                  }
                });
    started.whenComplete(
        (done, e) -> {
          if (started.isCancelled()) {
            starter.interrupt();
          }
        });
    return started;
  }

  /** Ends a start that waits, whoever waits. */
  public void cancelStart() throws SamException, InterruptedException {
    calls.cancelStart();
  }

  /** Turns supervision off: no messages are due, and the process may end. */
  public void stop() throws SamException, InterruptedException {
    calls.stop(false);
    health.rest();
  }

  /**
   * The same, but refused with BAD_HANDLE when this instance was warned: it is about to fail, and
   * is not to get away by saying that it wants to go.
   */
  public void stopUnlessWarned() throws SamException, InterruptedException {
    calls.stop(true);
    health.rest();
  }

  /** One message. */
  public void heartbeat() throws SamException, InterruptedException {
    // What makes no sense now is refused by the manager, not by the line.
    if (!health.isOn() || !line.beat()) {
      calls.heartbeat();
    }
  }

  /**
   * From now on the library sends the messages, and asks the program about once an interval whether
   * it is well. Each instance must ask for it again, before it starts.
   *
   * @param check null: back to {@link #heartbeat}
   */
  public void healthCheck(HealthCheck check) throws SamException, InterruptedException {
    calls.healthCheck(check != null);
    health.check(check, check == null ? Duration.ZERO : interval());
  }

  /**
   * Which signal announces the kill.
   *
   * @param signal such as {@code TERM} or {@code SIGUSR1}; {@code KILL}: no warning, {@code none}:
   *     no signal
   */
  public void warnSignal(String signal) throws SamException, InterruptedException {
    calls.warnSignal(Signals.number(signal));
  }

  /** The same by its number. */
  public void warnSignal(int signal) throws SamException, InterruptedException {
    calls.warnSignal(signal);
  }

  /** Called, on a thread of the library, when this instance is warned; null: nobody is. */
  public void onWarning(Consumer<Warning> listener) {
    line.onWarning(listener);
  }

  /** Called, on a thread of the library, with what is known now and after each change. */
  public void onChange(Consumer<SamProgram> listener) throws SamException {
    line.onChange(listener);
    line.open();
  }

  /** Keeps data over instances; null deletes it. At most 1 MiB. */
  public void storeData(byte[] data) throws SamException, InterruptedException {
    calls.storeData(data == null ? new byte[0] : data);
  }

  /** How many bytes are kept. */
  public long dataSize() throws SamException, InterruptedException {
    return calls.dataSize();
  }

  /** What is kept; empty when nothing is. */
  public byte[] restoreData() throws SamException, InterruptedException {
    return calls.restoreData(-1, false);
  }

  /**
   * Copies what is kept into a buffer, which is left alone when nothing is.
   *
   * @param buffer null, or smaller than what is kept: INVALID_PARAM, and nothing is copied
   * @return how many bytes were copied
   */
  public int restoreData(byte[] buffer) throws SamException, InterruptedException {
    byte[] data = calls.restoreData(buffer == null ? -1 : buffer.length, true);
    System.arraycopy(data, 0, buffer, 0, data.length);
    return data.length;
  }

  /**
   * Becomes a member of a group of supervised programs, on this and on other nodes of the cluster.
   *
   * @param group its name; it begins with its first member
   */
  public SamGroup join(String group) throws SamException, InterruptedException {
    GroupCalls talk = new GroupCalls(calls, group);
    return new SamGroup(talk, talk.join());
  }

  /** A group that this program has joined, heard from when it did. */
  public SamGroup group(String group) throws SamException, InterruptedException {
    GroupCalls talk = new GroupCalls(calls, group);
    return new SamGroup(talk, talk.joined());
  }

  /** All groups that the manager knows of. */
  public static List<SamGroup.View> groups(Ham ham) throws SamException, InterruptedException {
    return GroupCalls.all(SamCalls.of(ham.session(), "-", ""));
  }

  /** "Kill me, and do not start me again." Comes back before the kill. */
  public void markFailed(String reason) throws SamException, InterruptedException {
    calls.markFailed(reason);
  }

  /** The program is unhealthy, and is warned at once. */
  public void unhealthy() throws SamException, InterruptedException {
    calls.unhealthy();
  }

  /** What the manager knows of it now; null: nothing. */
  public SamProgram look() throws SamException, InterruptedException {
    List<SamProgram> found = calls.list(calls.name());
    return found.isEmpty() ? null : found.getFirst();
  }

  /** What is known of a program that is over goes. */
  public void clear() throws SamException, InterruptedException {
    calls.clear();
  }

  /** Ends supervision for good: the process lives on unsupervised (sam_finalize). */
  public void finish() throws SamException, InterruptedException {
    calls.finish();
    release();
  }

  /** For this process {@link #finish}; of another nothing but what this object holds is freed. */
  @Override
  public void close() throws SamException {
    if (!own) {
      release();
      return;
    }
    try {
      finish();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SamException(SamStatus.TRY_AGAIN, "interrupted; it may be supervised still", e);
    }
  }

  Duration interval() throws SamException, InterruptedException {
    if (calls.contract() != null) {
      return calls.contract().interval();
    }
    SamProgram known = look();
    return known == null ? Duration.ZERO : known.interval();
  }

  private boolean begin(Duration limit) throws SamException, InterruptedException {
    boolean started = calls.start(limit);
    if (started) {
      health.go();
    }
    return started;
  }

  private void release() {
    health.rest();
    line.close();
  }
}
