"""When a node is lost, and that none is that lives: hosts cut off, pauses of single managers."""

import os
import queue
import random
import signal
import subprocess
import threading
import time

import cluster
import hosts
import measure

PAUSE = 0.4


class Told:
  """What a survivor tells of a node, as lines of the client Losses."""

  def __init__(self, workshop, survivor, of):
    self.lines = queue.Queue()
    self.process = subprocess.Popen(
        workshop.client("Losses", survivor.server, survivor.node, of.node),
        text=True, bufsize=1, stdout=subprocess.PIPE)
    threading.Thread(target=self.read, daemon=True).start()

  def read(self):
    for line in self.process.stdout:
      self.lines.put(line.split())

  def wait(self, *words):
    return cluster.await_words(self.lines, set(words))

  def seen(self):
    """The first words of all that was told since."""
    words = []
    while not self.lines.empty():
      words.append(self.lines.get()[0])
    return words

  def __enter__(self):
    return self

  def __exit__(self, *problem):
    self.process.kill()
    self.process.wait()


def cut(run):
  """A host's cable is pulled, to a survivor's node-lost; with the settings that are shipped."""
  with hosts.Land(run.workshop) as land:
    survivor, _, doomed = land.nodes
    with Told(run.workshop, survivor, doomed) as told:
      nanos = []
      told.wait("up")
      for _ in range(run.number(100)):
        time.sleep(random.uniform(2, 2.5))
        begun = measure.now()
        land.wire.plug(doomed.letter, False)
        nanos.append(told.wait("lost", "node-lost")["node-lost"] - begun)
        land.wire.plug(doomed.letter, True)
        told.wait("up")
      run.emit("lost_cut", "hamlet", "p50 below 1000, p99 below 1500", **measure.summary(nanos))


def alarms(run):
  """Nobody is lost who is not: all processors are loaded, and managers stand still for 0.4 s."""
  seconds = run.number(600)
  with cluster.Cluster(run.workshop) as nodes:
    first, second, third = nodes.nodes
    with Told(run.workshop, first, second) as one, Told(run.workshop, second, third) as two, \
         Told(run.workshop, third, first) as three:
      for told in (one, two, three):
        told.wait("up")
      load = [subprocess.Popen(["sh", "-c", "while :; do :; done"]) for _ in range(os.cpu_count())]
      pauses, end = 0, time.monotonic() + seconds
      try:
        while time.monotonic() < end:
          pid = random.choice(random.choice(nodes.nodes).jvm())
          os.kill(pid, signal.SIGSTOP)
          time.sleep(PAUSE)
          os.kill(pid, signal.SIGCONT)
          pauses += 1
          time.sleep(random.uniform(0.6, 1.4))
      finally:
        for each in load:
          each.kill()
          each.wait()
      words = [word for told in (one, two, three) for word in told.seen()]
      run.emit("alarms", "hamlet", "lost 0", n=pauses, seconds=seconds, pause=PAUSE,
               lost=sum(word == "lost" for word in words))
