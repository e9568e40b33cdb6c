"""What is measured of a cluster: three nodes on loopback, all of them voters."""

import json
import os
import random
import shutil
import socket
import subprocess
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
