package io.hamlet.it.sim;

import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.ProcessSpec;
import io.hamlet.core.recovery.Effect;
import io.hamlet.core.recovery.Entry;
import io.hamlet.core.recovery.HamState;
import io.hamlet.manager.port.ActivityLog;
import io.hamlet.manager.port.Journal;
import io.hamlet.manager.port.Notifier;
import io.hamlet.manager.port.ProcessControl;
import io.hamlet.manager.port.PulseBell;
import java.util.function.LongConsumer;

/**
 * A journal and a host that are places of danger: before and after whatever a manager does to them
 * it passes a crash point. One thread.
 */
final class Perils implements Journal, ProcessControl, Notifier, PulseBell, ActivityLog {
  private final CrashPoints points;
  private final Journal journal;
  private final SimHost host;

  Perils(CrashPoints points, Journal journal, SimHost host) {
    this.points = points;
    this.journal = journal;
    this.host = host;
  }

  private void around(String deed, Object what, Runnable doing) {
    points.pass("before " + deed + " of " + what);
    doing.run();
    points.pass("after " + deed + " of " + what);
  }

  @Override
  public void append(Entry entry, HamState after) {
    around("append", entry.event(), () -> journal.append(entry, after));
  }

  @Override
  public void flush() {
    journal.flush();
  }

  @Override
  public boolean hasRoom() {
    return journal.hasRoom();
  }

  @Override
  public long durableIndex() {
    return journal.durableIndex();
  }

  @Override
  public void onDurable(LongConsumer listener) {
    journal.onDurable(listener);
  }

  @Override
  public void prepare(Effect.Prepare e) {
    around("prepare", e.id(), () -> host.prepare(e));
  }

  @Override
  public void go(Effect.Go e) {
    around("go", e.id(), () -> host.go(e));
  }

  @Override
  public void abandon(Effect.Abandon e) {
    around("abandon", e.id(), () -> host.abandon(e));
  }

  @Override
  public void watch(Effect.Watch e) {
    around("watch", e.process(), () -> host.watch(e));
  }

  @Override
  public void unwatch(Effect.Unwatch e) {
    around("unwatch", e.uid(), () -> host.unwatch(e));
  }

  @Override
  public void end(Effect.End e) {
    around("end", e.process(), () -> host.end(e));
  }

  @Override
  public void quell(Effect.Quell e) {
    around("quell", e.id(), () -> host.quell(e));
  }

  @Override
  public void signal(Effect.Signal e) {
    around("signal", e.id(), () -> host.signal(e));
  }

  @Override
  public void awaitPath(Effect.AwaitPath e) {
    around("await", e.id(), () -> host.awaitPath(e));
  }

  @Override
  public void forget(Effect.Forget e) {
    around("forget", e.id(), () -> host.forget(e));
  }

  @Override
  public void write(Effect.WriteLog line) {
    around("log", line.message(), () -> host.write(line));
  }

  @Override
  public void waiting(long pid, int channel) {
    around("pulse", channel, () -> host.waiting(pid, channel));
  }

  @Override
  public ProcessId identify(long pid) {
    return host.identify(pid);
  }

  @Override
  public void check(ProcessSpec spec) {
    host.check(spec);
  }

  @Override
  public void checkProgram(String path) {
    host.checkProgram(path);
  }
}
