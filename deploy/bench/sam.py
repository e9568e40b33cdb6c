"""How punctually a silent program is warned and killed, and how fast it is started again."""

import os
import select
import subprocess

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
  wanted = {"warn": "p50 at most 10", "kill": "p50 at most 10", "restart": "as figure restart"}
  for what, nanos in late.items():
    run.emit("sam_" + what, "hamlet", wanted[what], interval_ms=INTERVAL_MS,
             **measure.summary(nanos))


def life(pid, sent):
  """Waits for the end of one whose last message was sent then."""
  descriptor = os.pidfd_open(pid)
  try:
    if not select.select([descriptor], [], [], LIMIT)[0]:
      raise RuntimeError(f"{pid} is not killed")
    return pid, sent, measure.now()
  finally:
    os.close(descriptor)


def read(path):
  """When what was noted, by pid and word."""
  with open(path) as file:
    lines = [line.split() for line in file]
  return {(int(pid), what): int(at) for at, pid, what in lines}
