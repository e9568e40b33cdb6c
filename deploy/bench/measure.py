"""Measuring from outside: stamps, kills, memory, processor time. Standard library only."""

import glob
import json
import os
import random
import signal
import sys
import time

now = time.monotonic_ns


def percentile(values, share):
  ordered = sorted(values)
  return ordered[round(share / 100 * (len(ordered) - 1))]


def summary(nanos):
  """Of nanoseconds, in milliseconds."""
  if not nanos:
    return {"n": 0}
  of = lambda value: round(value / 1e6, 3)
  return {"n": len(nanos), "min": of(min(nanos)), "p50": of(percentile(nanos, 50)),
          "p90": of(percentile(nanos, 90)), "p99": of(percentile(nanos, 99)),
          "max": of(max(nanos))}


class Stamps:
  """The file to which each workload appends "nanoseconds pid id" as its first deed."""

  def __init__(self, path):
    self.path = path
    self.file = None
    self.rest = b""
    self.pid, self.time = {}, {}
    self.count = 0

  def read(self):
    """What is new, as (nanoseconds, pid, id)."""
    if self.file is None:
      if not os.path.exists(self.path):
        return []
      self.file = open(self.path, "rb", buffering=0)
    *lines, self.rest = (self.rest + self.file.read()).split(b"\n")
    news = []
    for line in lines:
      words = line.decode().split()
      if len(words) != 3:
        continue
      at, pid, name = int(words[0]), int(words[1]), words[2]
      self.pid[name], self.time[name] = pid, at
      news.append((at, pid, name))
    self.count += len(news)
    return news

  def wait(self, count, seconds):
    end = time.monotonic() + seconds
    while self.count < count and time.monotonic() < end:
      if not self.read():
        time.sleep(0.002)
    return self.count >= count

  def close(self):
    if self.file is not None:
      self.file.close()


def kill_each(path, kills, rest, names=None, sig=signal.SIGKILL, limit=20, ready=None):
  """Signals workloads in turn, each when it has lived for `rest` seconds (a pair: from, to).

  Latency: from just before kill(2) to the first statement of the successor. One that has none after
  `limit` seconds is lost.
  ready(name, pid): may that process be signalled already? One that may not after `limit` seconds is
  an error."""
  stamps = Stamps(path)
  stamps.read()
  names = names or sorted(stamps.pid)
  due = {name: time.monotonic() + random.uniform(*rest) * (1 + i / len(names))
         for i, name in enumerate(names)}
  asked, nanos, lost, begun = {}, [], 0, 0
  while len(nanos) + lost < kills and (due or asked):
    for at, _, name in stamps.read():
      if name in asked:
        nanos.append(at - asked.pop(name))
        due[name] = time.monotonic() + random.uniform(*rest)
    name = min(due, key=due.get) if due and begun < kills else None
    if name and due[name] <= time.monotonic() and (ready is None or ready(name, stamps.pid[name])):
      del due[name]
      asked[name] = now()
      os.kill(stamps.pid[name], sig)
      begun += 1
    elif name and due[name] + limit <= time.monotonic():
      raise RuntimeError(f"{name} was not ready for a signal within {limit} s, after {begun} signals")
    late = [name for name, at in asked.items() if now() - at > limit * 1e9]
    for name in late:
      del asked[name]
      lost += 1
    time.sleep(0.0003)
  stamps.close()
  return dict(summary(nanos), lost=lost)


def kill_all(path, limit=60):
  """All workloads at once; milliseconds until half and all have successors."""
  stamps = Stamps(path)
  stamps.read()
  pids = list(stamps.pid.values())
  begin = now()
  for pid in pids:
    os.kill(pid, signal.SIGKILL)
  killed = now()
  complete = stamps.wait(stamps.count + len(pids), limit)
  times = sorted(at for at in stamps.time.values() if at >= begin)
  stamps.close()
  ms = lambda at: round((at - begin) / 1e6, 1)
  return {"n": len(pids), "complete": complete, "kill_loop": ms(killed),
          "half": ms(times[len(times) // 2]) if times else None,
          "all": ms(times[-1]) if times else None}


def stat(pid):
  """The fields of /proc/PID/stat after the name; empty when it is gone."""
  try:
    with open(f"/proc/{pid}/stat") as file:
      return file.read().rsplit(")", 1)[1].split()
  except OSError:
    return []


def alive(pid):
  fields = stat(pid)
  return bool(fields) and fields[0] not in "ZX"


def tree(root):
  """A process and all below it."""
  children = {}
  for name in os.listdir("/proc"):
    if name.isdigit():
      fields = stat(name)
      if fields:
        children.setdefault(int(fields[1]), []).append(int(name))
  found, todo = [], [root]
  while todo:
    pid = todo.pop()
    found.append(pid)
    todo += children.get(pid, [])
  return found


def program(pid):
  try:
    return os.readlink(f"/proc/{pid}/exe")
  except OSError:
    return ""


def command(pid):
  try:
    with open(f"/proc/{pid}/cmdline") as file:
      return file.read()
  except OSError:
    return ""


def threads(pid):
  """Their names, by id; that of the core is only in an acting HAM."""
  names = {}
  for path in glob.glob(f"/proc/{pid}/task/*/comm"):
    try:
      with open(path) as file:
        names[path.split("/")[4]] = file.read().strip()
    except OSError:
      continue
  return names


def megabytes(pids):
  """(proportional, resident) memory."""
  sums = {"Pss:": 0, "Rss:": 0}
  for pid in pids:
    try:
      with open(f"/proc/{pid}/smaps_rollup") as file:
        for line in file:
          words = line.split()
          if words[0] in sums:
            sums[words[0]] += int(words[1])
    except OSError:
      continue
  return round(sums["Pss:"] / 1024, 1), round(sums["Rss:"] / 1024, 1)


def cpu_nanos(pids):
  """Of each thread, by its id."""
  nanos = {}
  for pid in pids:
    try:
      for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/schedstat") as file:
          nanos[task] = int(file.read().split()[0])
    except OSError:
      continue
  return nanos


def idle_shares(pids, seconds):
  """Percent of one core that each thread took, by process, while nothing happens. What a thread
  used that ended meanwhile is not seen."""
  before, begin = {pid: cpu_nanos([pid]) for pid in pids}, time.monotonic()
  time.sleep(seconds)
  past = (time.monotonic() - begin) * 1e7
  return {pid: {task: (nanos - before[pid].get(task, 0)) / past
                for task, nanos in cpu_nanos([pid]).items()} for pid in pids}


if __name__ == "__main__":  # FUNCTION JSON: a call from outside the namespace of the workloads.
  arguments, options = json.loads(sys.argv[2])
  print(json.dumps({"kill_each": kill_each, "kill_all": kill_all}[sys.argv[1]](*arguments, **options)))
