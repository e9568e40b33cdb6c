"""An entity of the cluster moves: how long that takes, and that two never run."""

import os
import random
import select
import signal
import subprocess
import time

import hosts
import measure

LOWEST = "700ms"
WANTED = {"killed": "p50 below 100", "killed_leader": "p50 below 400",
          "cut": "p50 below 2200", "cut_leader": "p50 below 3000",
          "cut_lowest": "p50 below 900", "cut_leader_lowest": "p50 below 1400"}


class Sole:
  """The program that only one may run: its starts, and when each ended."""

  def __init__(self, workshop, directory):
    self.lines = os.path.join(directory, "starts")
    self.command = (workshop.compile("sole"), self.lines, os.path.join(directory, "lock"))

  def starts(self):
    """(nanoseconds, pid, node, token), in order; an error if two ever ran at once."""
    if not os.path.exists(self.lines):
      return []
    with open(self.lines) as file:
      words = [line.split() for line in file if line.endswith("\n")]
    tokens = [int(line[3]) for line in words]
    if any(line[4] != "one" for line in words) or sorted(set(tokens)) != tokens:
      raise RuntimeError(f"two ran, or a token was old: {words}")
    return [(int(at), int(pid), node, int(token)) for at, pid, node, token, _ in words]

  def after(self, count, limit=60):
    """The start behind so many; waits for it."""
    end = time.monotonic() + limit
    while len(found := self.starts()) <= count:
      if time.monotonic() > end:
        raise RuntimeError(f"it is not started again; see {self.lines}")
      time.sleep(0.002)
    return found[count]


class Ending:
  """Sees a process end, whoever its parent is."""

  def __init__(self, pid):
    self.file = os.pidfd_open(pid)

  def await_it(self, limit=30):
    """Nanoseconds at which that was seen, somewhat late; None: it lives."""
    try:
      seen = select.select([self.file], [], [], limit)[0]
      return measure.now() if seen else None
    finally:
      os.close(self.file)


class Estate:
  """A cluster on three hosts with what only one of them may run, and somebody who looks after it."""

  def __init__(self, run, *options):
    self.land = hosts.Land(run.workshop, *options)
    try:
      self.sole = Sole(run.workshop, run.workshop.fresh("sole"))
      self.overseer = subprocess.Popen(
          run.workshop.client("Overseer", *[node.server for node in self.land.nodes], small=True),
          text=True, bufsize=1, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
      self.ask("attach", *self.sole.command)
    except BaseException:
      self.__exit__()
      raise

  def __enter__(self):
    return self

  def __exit__(self, *problem):
    if hasattr(self, "overseer"):
      self.overseer.kill()
      self.overseer.wait()
    self.land.__exit__(*problem)

  def ask(self, *words):
    """The names of leader and owner when it is done and all is well."""
    print(*words, file=self.overseer.stdin, flush=True)
    leader, owner = self.overseer.stdout.readline().split(" ", 1)
    if leader == "unsettled":
      raise RuntimeError("the cluster does not settle: " + owner)
    return leader, owner.strip()

  def arrange(self, leads):
    """Has it run on the leader, or elsewhere; the owner."""
    leader, owner = self.ask("settle")
    if (leader == owner) != leads:
      others = [node.node for node in self.land.nodes if node.node != leader]
      leader, owner = self.ask("move", leader if leads else random.choice(others))
    if (leader == owner) != leads:
      raise RuntimeError("the leader changed while nothing befell it")
    time.sleep(random.uniform(2, 3))  # JVMs that have just begun compile all that they do.
    return self.land.node(owner)


def launcher(node):
  return next(pid for pid in measure.tree(node.process.pid)
              if measure.stat(pid)[1:2] == [str(node.process.pid)]
              and "\0run\0" in measure.command(pid))


def strike(victim):
  """Both managers die at once, and their launcher starts no others; the time just before."""
  os.kill(launcher(victim), signal.SIGSTOP)
  doomed = victim.jvm()
  begun = measure.now()
  for pid in doomed:
    os.kill(pid, signal.SIGKILL)
  return begun


def killed(estate, victim):
  return strike(victim), lambda: revive(victim)


def revive(victim):
  """Only now may its launcher go, for with that its keeper ends what is left, also the leash."""
  os.kill(launcher(victim), signal.SIGKILL)
  victim.process.wait()
  victim.begin()
  victim.await_answer()


def cut(estate, victim):
  begun = measure.now()
  estate.land.wire.plug(victim.letter, False)
  return begun, lambda: estate.land.wire.plug(victim.letter, True)


def moved(estate, blow, leads):
  """One round: nanoseconds until it ran elsewhere, and until the old one was seen dead."""
  victim = estate.arrange(leads)
  before = estate.sole.starts()
  ending = Ending(before[-1][1])
  begun, undo = blow(estate, victim)
  ended = ending.await_it()
  at, _, node, _ = estate.sole.after(len(before))
  if ended is None or node == victim.node:
    raise RuntimeError(f"it was to leave {victim.node}, and runs on {node}; ended: {ended}")
  undo()
  return at - begun, ended - begun


def relocation(run, name, blow, *options):
  """Rounds in turn: its owner does not lead, its owner leads."""
  found = {"": [], "_leader": []}
  try:
    with Estate(run, *options) as estate:
      until = time.monotonic() + run.seconds
      for i in range(2 * run.number(30)):
        if time.monotonic() > until:
          break
        found["_leader" if i % 2 else ""].append(moved(estate, blow, bool(i % 2)))
      estate.ask("settle")
      estate.sole.starts()
  finally:
    for whose, rounds in found.items():
      if rounds:
        figure = name.replace("cut", "cut" + whose).replace("killed", "killed" + whose)
        run.emit("relocation_" + figure, "hamlet", WANTED[figure], options=" ".join(options),
                 **measure.summary([ran for ran, _ in rounds]),
                 old_ended=measure.summary([ended for _, ended in rounds])["p50"],
                 each=[round(ran / 1e6, 1) for ran, _ in rounds])


def relocation_killed(run):
  """Both managers of the owner killed at once, to the entity's first statement elsewhere."""
  relocation(run, "killed", killed)


def relocation_cut(run):
  """The owner's host cut off, to the entity's first statement elsewhere, at the usual lease."""
  relocation(run, "cut", cut)


def relocation_cut_lowest(run):
  """The same at the lowest lease that passes the test of lost leaders."""
  relocation(run, "cut_lowest", cut, "--lease", LOWEST)


def owned_restart(run):
  """The entity's own death on a healthy owner, to the first statement of its successor there."""
  nanos = []
  with Estate(run) as estate:
    warm = run.number(100)
    for i in range(warm + run.number(200)):
      before = estate.sole.starts()
      time.sleep(random.uniform(0.02, 0.07))
      begun = measure.now()
      os.kill(before[-1][1], signal.SIGKILL)
      at, _, node, _ = estate.sole.after(len(before))
      if node != before[-1][2]:
        raise RuntimeError(f"it moved from {before[-1][2]} to {node}")
      if i >= warm:
        nanos.append(at - begun)
  run.emit("owned_restart", "hamlet", "p50 at most 1.6 x floor, p99 below 5",
           **measure.summary(nanos))


def writes(run, clients, every, patience, seconds, servers):
  """Those of some clients that begin now, and the nanoseconds at which all were at it."""
  process = subprocess.Popen(
      run.workshop.client("TreeWrites", clients, every, patience, seconds, *servers),
      text=True, stdout=subprocess.PIPE)
  word, at = process.stdout.readline().split()
  return process, int(at)


def pairs(process):
  out = process.communicate(timeout=120)[0]
  return [tuple(map(int, line.split())) for line in out.splitlines()]


def commands(run):
  """Changes of the cluster's tree by 64 clients over the API, durable on a majority of three."""
  seconds = run.number(10)
  with Estate(run) as estate:
    leader = estate.land.node(estate.ask("settle")[0])
    for where, servers in (("leader", [leader.server]),
                           ("all", [node.server for node in estate.land.nodes])):
      process, begun = writes(run, 64, 0, 10000, 2 * seconds, servers)
      late = begun + seconds * 10 ** 9
      ends = [(begin, end) for begin, end in pairs(process) if begin >= late]
      span = (max(end for _, end in ends) - late) / 1e9
      run.emit("commands", "hamlet", "per_second 2500", clients=64, connected_to=where,
               per_second=round(len(ends) / span), **measure.summary([e - b for b, e in ends]))


def leader_lost(run):
  """The leader's managers killed, to the first answer of a write that was sent after that."""
  nanos = []
  try:
    with Estate(run) as estate:
      until = time.monotonic() + run.seconds
      for _ in range(run.number(30)):
        if time.monotonic() > until:
          break
        leader = estate.land.node(estate.ask("settle")[0])
        others = [node.server for node in estate.land.nodes if node is not leader]
        process, _ = writes(run, 8, 50, 200, 2, others)
        time.sleep(random.uniform(0.3, 0.6))
        begun = strike(leader)
        answered = [end for begin, end in pairs(process) if begin > begun + 20e6]
        nanos.append(min(answered) - begun)
        revive(leader)
  finally:
    run.emit("leader_lost", "hamlet", "p50 below 500", **measure.summary(nanos),
             each=[round(each / 1e6, 1) for each in nanos])


ALL = {"relocation_killed": relocation_killed, "relocation_cut": relocation_cut,
       "relocation_cut_lowest": relocation_cut_lowest, "owned_restart": owned_restart,
       "commands": commands, "leader_lost": leader_lost}
