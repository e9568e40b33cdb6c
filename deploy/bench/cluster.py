"""What is measured of a cluster: three nodes on loopback, all of them voters."""

import json
import os
import queue
import random
import signal
import socket
import subprocess
import threading
import time

import beds
import measure

LETTERS = "abc"
PORTS = 10


class Cluster:
  """Nodes that see each other; each has a directory of its own in the workshop."""

  def __init__(self, workshop, *options):
    self.workshop = workshop
    self.nodes = []
    ports = free_ranges(len(LETTERS))
    names = [f"bench{os.getpid()}{letter}" for letter in LETTERS]
    try:
      for letter, port in zip(LETTERS, ports):
        self.nodes.append(beds.Hamlet(workshop, 0, letter, (
            "--listen", "127.0.0.1:0", "--cluster", f"bench{os.getpid()}",
            "--bind", f"127.0.0.1:{port}", "--voters", ",".join(names),
            "--join", ",".join(f"127.0.0.1:{each}" for each in ports), *options)))
      for node in self.nodes:
        self.await_all(node)
    except BaseException:
      self.__exit__()
      raise

  def __enter__(self):
    return self

  def __exit__(self, *problem):
    for node in self.nodes:
      node.__exit__(*problem)

  def members(self, node):
    out = subprocess.run([self.workshop.ham, "--server", node.server, "-o", "json", "status"],
                         check=True, text=True, stdout=subprocess.PIPE).stdout
    return json.loads(out)["cluster"]["members"]

  def await_all(self, node, limit=60):
    end = time.monotonic() + limit
    while not self.is_whole(found := self.members(node)):
      if time.monotonic() > end:
        raise RuntimeError(f"not all see each other: {found}; see {node.directory}")
      time.sleep(0.1)

  @staticmethod
  def is_whole(members):
    """Are all there, with HAM and Guardian?"""
    return len(members) == len(LETTERS) and all(
        each["state"] == "up" and each["ham_pid"] and each["guardian_pid"] for each in members)


def free_ranges(count):
  """First ports of ranges that nobody listens on, below those that the kernel gives away."""
  found = []
  while len(found) < count:
    first = 12000 + PORTS * random.randrange(2000)
    if first not in found and all(is_free(first + i) for i in range(PORTS)):
      found.append(first)
  return found


def is_free(port):
  with socket.socket() as probe:
    try:
      probe.bind(("127.0.0.1", port))
      return True
    except OSError:
      return False


def nanos(lines):
  """Those lines that are numbers alone."""
  return [int(line) for line in lines if line.isdigit()]


def rate(lines):
  return next(int(line.split()[-1]) for line in lines if line.startswith("rate "))


def raising(run):
  """A raise at one node to a pulse at a process on another, at 1 kHz; and the bare bus."""
  count = run.number(5000)
  lines = run.workshop.run_client("BusOneWay", count, 1000, free_ranges(3)[0]).splitlines()
  run.emit("raise", "bus", per_second=rate(lines), bytes=200, **measure.summary(nanos(lines)))
  with Cluster(run.workshop) as cluster:
    a, b, _ = cluster.nodes
    for figure, to in (("raise", b), ("raise_same_node", a)):
      lines = run.workshop.run_client("RaisePulse", a.server, to.server, to.node, count,
                                      1000).splitlines()
      run.emit(figure, "hamlet", "p50 below 0.45, p99 below 2" if to is b else None,
               reached_per_second=rate(lines), **measure.summary(nanos(lines)))


def watch(run):
  """Events of one node to a watch at each of three: as they happen, and those that are known."""
  with Cluster(run.workshop) as cluster:
    servers = [node.server for node in cluster.nodes]
    out = run.workshop.run_client("WatchRate", run.number(2000), cluster.nodes[0].node, *servers)
    for kind, wanted in (("live", "all above 100000"), ("past", None)):
      found = {}
      for line in out.splitlines():
        what, server, count, per_second = line.split()
        if what == kind:
          found[LETTERS[servers.index(server)]] = int(per_second)
          events = int(count)
      run.emit("watch_" + kind, "hamlet", wanted, n=events, per_second=found)


def replica(run):
  """Registrations that another node has, and the full state to a member that lost all."""
  with Cluster(run.workshop) as cluster:
    a = cluster.nodes[0]
    lines = run.workshop.run_client("ReplicaRates", a.server, run.number(2000), 16).splitlines()
    one = [int(line.split()[1]) for line in lines if line.startswith("one ")]
    run.emit("replica_one", "hamlet", "p50 below 1", **measure.summary(one))
    run.emit("replica_16", "hamlet", "per_second 8000", clients=16, per_second=rate(lines))
  with Cluster(run.workshop) as cluster:
    entities = run.number(10000)
    *others, new = cluster.nodes
    empty = live_bytes(run.workshop, new)
    indices = [fill(run.workshop, others[0], entities)]
    time.sleep(5)  # One of two others has it by now.
    held = live_bytes(run.workshop, new) - empty
    run.emit("replica_memory", "hamlet", n=entities, bytes_each=round(held / entities))
    indices += [fill(run.workshop, node, entities) for node in cluster.nodes[1:]]
    kill_node(run.workshop, new)
    new.wipe()
    words = [word for pair in zip((node.node for node in others), indices) for word in pair]
    waiting = subprocess.Popen(run.workshop.client(
        "Replicated", os.path.join(new.directory, "state", "replicas"), *words),
        text=True, stdout=subprocess.PIPE)
    try:
      time.sleep(1)
      new.begin()
      new.await_answer()
      out = waiting.communicate(timeout=120)[0]
    finally:
      waiting.kill()
    whole = max(nanos(out.splitlines()))
    run.emit("replica_full", "hamlet", "after_answer below 3000", n=entities,
             after_answer=round((whole - new.answered) / 1e6, 1),
             after_start=round((whole - new.begun) / 1e6, 1))


def fill(workshop, node, entities):
  """Index of the node's log behind the last entity."""
  return int(workshop.run_client("Fill", node.server, entities))


def live_bytes(workshop, node):
  """What is on the heap of a HAM and is used."""
  tool = os.path.join(os.path.dirname(workshop.java()), "jcmd")
  out = subprocess.run([tool, str(node.jvm()[0]), "GC.class_histogram"], check=True, text=True,
                       stdout=subprocess.PIPE).stdout
  return int(out.rsplit("\nTotal", 1)[1].split()[1])


def lost(run):
  """All of a node's managers killed at once, to a survivor's node-lost and its list of members."""
  with Cluster(run.workshop) as cluster:
    survivor, _, doomed = cluster.nodes
    watching = subprocess.Popen(run.workshop.client("Losses", survivor.server, survivor.node,
                                                    doomed.node), text=True, bufsize=1,
                                stdout=subprocess.PIPE)
    told = queue.Queue()
    threading.Thread(target=lambda: [told.put(line.split()) for line in watching.stdout],
                     daemon=True).start()
    try:
      found = {"listed": [], "node-lost": []}
      first = await_words(told, {"up"})
      fires = "unanswered" not in first
      for _ in range(run.number(20)):
        begun = kill_node(run.workshop, doomed)
        heard = await_words(told, {"lost"} | ({"node-lost"} if fires else set()))
        found["listed"].append(heard["lost"] - begun)
        if fires:
          found["node-lost"].append(heard["node-lost"] - begun)
        doomed.begin()
        doomed.await_answer()
        await_words(told, {"up"})
        time.sleep(2)
      run.emit("lost_listed", "hamlet", **measure.summary(found["listed"]))
      if fires:
        run.emit("lost", "hamlet", "p50 below 250", **measure.summary(found["node-lost"]))
      else:
        run.emit("lost", "hamlet", "p50 below 250", n=0, error=" ".join(first["unanswered"]))
    finally:
      watching.kill()
      watching.wait()


def await_words(told, wanted, limit=60):
  """Until each was told; their last times, and those of whatever else was told meanwhile."""
  heard = {}
  end = time.monotonic() + limit
  while not wanted <= heard.keys():
    word, *rest = told.get(timeout=max(0.001, end - time.monotonic()))
    heard[word] = int(rest[0]) if rest and rest[0].isdigit() else rest
  return heard


def kill_node(workshop, node):
  """The launcher and the managers; entities run on. The time just before."""
  family = measure.tree(node.process.pid)
  launcher = [pid for pid in family[1:] if measure.program(pid) != workshop.work]
  for pid in launcher[:1]:
    os.kill(pid, signal.SIGSTOP)
  doomed = node.jvm() + launcher
  begun = measure.now()
  for pid in doomed:
    try:
      os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
      continue
  while any(measure.alive(pid) for pid in doomed):
    time.sleep(0.001)
  return begun


def cluster_idle(run):
  """Memory and processor time of each manager of idle nodes, without entities and with 1,000."""
  with Cluster(run.workshop) as cluster:
    for figure, entities in (("cluster_idle", 0), ("cluster_idle_1000", 1000)):
      for node in cluster.nodes if entities else ():
        fill(run.workshop, node, entities)
      time.sleep(15)
      pids = [pid for node in cluster.nodes for pid in node.jvm()]
      seconds = run.number(60)
      used = [measure.cpu_nanos([pid]) for pid in pids]
      time.sleep(seconds)
      percent = [round(sum(nanos - before.get(task, 0) for task, nanos
                           in measure.cpu_nanos([pid]).items()) / 1e7 / seconds, 2)
                 for pid, before in zip(pids, used)]
      run.emit(figure, "hamlet", n=len(cluster.nodes), seconds=seconds,
               percent_ham=percent[::2], percent_guardian=percent[1::2],
               rss_ham=[measure.megabytes([pid])[1] for pid in pids[::2]],
               rss_guardian=[measure.megabytes([pid])[1] for pid in pids[1::2]])
