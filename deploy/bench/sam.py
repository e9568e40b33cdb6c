"""How punctually a silent program is warned and killed, and how fast it is started again."""

import os
import select
import signal
import subprocess
import time

import measure

INTERVAL_MS = 200
LIMIT = 20


def silence(run):
  """From outside: the program notes its warning, a process descriptor its end."""
  # Code that has hardly run is slow: the first life does not count.
  rounds = run.number(100) + 1
  with run.bed("hamlet", 0) as bed:
    program = run.workshop.compile("quiet")
    client = subprocess.Popen(
        run.workshop.client("SamSilence", bed.server, program, bed.lines, INTERVAL_MS, rounds),
        text=True, stdout=subprocess.PIPE)
    try:
      lives = [life(*map(int, line.split())) for line in client.stdout]
    finally:
      client.terminate()
      client.wait()
    stamps = read(bed.lines)
  due = INTERVAL_MS * 1_000_000
  ups = sorted(at for (_, what), at in stamps.items() if what == "up")
  late = {"warn": [], "kill": [], "restart": []}
  for pid, sent, gone in lives[1:]:
    warned = stamps[pid, "warned"]
    late["warn"].append(warned - sent - due)
    late["kill"].append(gone - warned - due)
    late["restart"] += [at - gone for at in ups if at > gone][:1]
  wanted = {"warn": "p50 at most 10", "kill": "p50 at most 10", "restart": "as sam_restart_plain"}
  for what, nanos in late.items():
    run.emit("sam_" + what, "hamlet", wanted[what], interval_ms=INTERVAL_MS,
             **measure.summary(nanos))
  plain(run, rounds)


def plain(run, rounds):
  """The restart of an entity that nobody supervises, as seldom and from the same moment on: from the
  end, not from the signal, and of code that no restart has run for the last 400 ms."""
  with run.bed("hamlet", 1) as bed:
    bed.populate()
    if bed.all_up() is None:
      raise RuntimeError("the entity does not come up")
    stamps = measure.Stamps(bed.lines)
    stamps.wait(1, LIMIT)
    nanos = []
    for i in range(rounds):
      time.sleep(2 * INTERVAL_MS / 1000)
      descriptor = os.pidfd_open(stamps.pid["0"])
      os.kill(stamps.pid["0"], signal.SIGKILL)
      gone = end(descriptor)
      if not stamps.wait(i + 2, LIMIT):
        raise RuntimeError("the entity does not come back")
      nanos.append(stamps.time["0"] - gone)
    stamps.close()
  run.emit("sam_restart_plain", "hamlet", interval_ms=INTERVAL_MS, **measure.summary(nanos[1:]))


def life(pid, sent):
  """Waits for the end of one whose last message was sent then."""
  return pid, sent, end(os.pidfd_open(pid))


def end(descriptor):
  """When the process of that descriptor has ended."""
  try:
    if not select.select([descriptor], [], [], LIMIT)[0]:
      raise RuntimeError("a process does not end")
    return measure.now()
  finally:
    os.close(descriptor)


def read(path):
  """When what was noted, by pid and word."""
  with open(path) as file:
    lines = [line.split() for line in file]
  return {(int(pid), what): int(at) for at, pid, what in lines}
