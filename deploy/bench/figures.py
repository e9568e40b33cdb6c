"""What is measured, and what shall be reached. Each figure is a function of a Run."""

import json
import os
import platform
import random
import shutil
import signal
import subprocess
import tempfile
import time

import beds
import cluster
import losses
import measure
import owner
import peers
import sam

MASSES = 3


class Run:
  """The circumstances of a run, and where its lines go."""

  def __init__(self, workshop, peers, quick, out, seconds=3600):
    self.workshop = workshop
    self.peers = peers
    self.quick = quick
    self.out = out
    self.seconds = seconds
    self.machine = machine()

  def number(self, full):
    """Fewer in a quick run."""
    return max(10, full // 10) if self.quick else full

  def bed(self, name, count):
    kind = beds.Hamlet if name == "hamlet" else peers.PEERS[name]
    return kind(self.workshop, count)

  def emit(self, figure, who, wanted=None, **values):
    load = round(os.getloadavg()[0], 2)
    line = {"figure": figure, "who": who, **values}
    if wanted and who == "hamlet":
      line["wanted"] = wanted
    line.update(load=load, pressure=pressure(), machine=self.machine,
                when=time.strftime("%Y-%m-%dT%H:%M:%S"))
    text = json.dumps(line)
    print(text, flush=True)
    if self.out:
      with open(self.out, "a") as file:
        file.write(text + "\n")


def machine():
  model = "unknown"
  with open("/proc/cpuinfo") as file:
    for line in file:
      if line.startswith("model name"):
        model = line.split(":", 1)[1].strip()
        break
  return f"{os.cpu_count()} x {model}, Linux {platform.release()}"


def pressure():
  """The share of the last 10 s in which somebody waited for a processor, in percent; None: unknown.

  Unlike the load average it has soon forgotten what the figure before this one did."""
  try:
    with open("/proc/pressure/cpu") as file:
      return float(file.readline().split()[1].split("=")[1])
  except (OSError, IndexError, ValueError):
    return None


def populated(run, who, count):
  """A bed with all workloads up, at rest."""
  bed = run.bed(who, count)
  try:
    if who == "hamlet":
      bed.populate()
    up = bed.all_up()
    if up is None:
      raise RuntimeError(f"{who}: not all of {count} workloads came up")
    time.sleep(2 if count < 100 else 5)
  except BaseException:
    bed.__exit__()
    raise
  return bed, up


def restart(run):
  """SIGKILL to the first statement of the successor, of 10 entities."""
  restarts(run, 10, "restart", "p50 at most 1.6 x floor, p99 below 5")


def restart_many(run):
  """The same among 1,000 entities, and how long all took to be up and to be back."""
  restarts(run, 1000, "restart_1000", "p50 at most 1.6 x floor, p99 below 5")


def restarts(run, count, figure, wanted):
  who = [peer for peer in run.peers if peer == "floor"] + ["hamlet"]
  for name in who + [peer for peer in run.peers if peer != "floor"]:
    try:
      if name in peers.PEERS and count > peers.PEERS[name].most:
        continue
      restarts_of(run, name, count, figure, wanted)
    except Exception as problem:
      if name == "hamlet":
        raise
      run.emit(figure, name, error=repr(problem))


def restarts_of(run, who, count, figure, wanted):
  bed, up = populated(run, who, count)
  with bed:
    names = [str(i) for i in random.sample(range(count), 10)]
    if who == "hamlet":
      # Code that has hardly run is slow: the first kills are a figure of their own.
      run.emit(figure + "_first", who, **bed.kill_each(20, bed.rest, names))
      bed.kill_each(run.number(1000), bed.rest, names)
    kills = run.number(200)
    run.emit(figure, who, wanted, **bed.kill_each(kills, bed.rest, names))
    patient = bed.rest[0] > 0.1
    run.emit(figure + "_again", who, wanted + "; killed 20 ms after each restart",
             **bed.kill_each(20 if patient else kills, (0.02, 0.02), names[:2],
                                 limit=20))
    if count >= 1000:
      run.emit("up_1000", who, "below 800", n=1, all=up)
      for _ in range(MASSES):
        time.sleep(4)
        run.emit("mass_1000", who, "all below 800", **bed.kill_all())


def first_up(run):
  """1,000 entities first up at a new node: asked for by a client that has just started, and by one
  that has asked for as many at another node before."""
  new, warm = [], []
  for _ in range(run.number(10)):
    with run.bed("hamlet", 1000) as bed, beds.Populating(run.workshop, 1000) as client:
      new.append(come_up(bed.populate(client)))
      bed.stop()
      with run.bed("hamlet", 1000) as another:
        time.sleep(0.8)  # As long as a new client needs to start: the node has no less time.
        warm.append(come_up(another.populate(client)))
  run.emit("first_up", "hamlet", "p50 below 800", **measure.summary(new))
  run.emit("first_up_warm_client", "hamlet", "p50 below 800", **measure.summary(warm))


def come_up(bed):
  """Nanoseconds from the first request to the last of the workloads."""
  up = bed.all_up()
  if up is None:
    raise RuntimeError("not all workloads came up")
  return round(up * 1e6)


def size(run):
  """Memory and idle processor time, without entities and with 1,000."""
  with run.bed("hamlet", 1000) as bed:
    time.sleep(12)  # What was freed goes back to the kernel after 10 s.
    pss, rss = measure.megabytes(bed.own())
    of = resident(bed)
    run.emit("size_empty", "hamlet", "ham below 110", n=1, **of, rss=rss, pss=pss)
    bed.populate()
    if bed.all_up() is None:
      raise RuntimeError("not all entities came up")
    time.sleep(12)
    pss_full, rss_full = measure.megabytes(bed.own())
    full = resident(bed)
    run.emit("size_1000", "hamlet", "ham below 110, added_pss below 30", n=1, **full, rss=rss_full,
             pss=pss_full, added_pss=round(pss_full - pss, 1),
             **{"added_" + who: round(full[who] - of[who], 1) for who in of},
             processes=len(bed.own()))
    idle(run, bed, "idle_1000")


def resident(bed):
  """Megabytes of HAM and Guardian."""
  return {who: measure.megabytes([pid])[1] for who, pid in bed.pair().items()}


def idle(run, bed, figure):
  """Percent of one core that a node takes at rest: of its JVMs each, and of the busiest threads."""
  pair = bed.pair()
  used = measure.idle_shares(set(bed.own()) | set(pair.values()), run.number(60))
  of = {who: round(sum(used[pid].values()), 3) for who, pid in pair.items()}
  named = [(round(share, 3), f"{who} {measure.threads(pid).get(task)}")
           for who, pid in pair.items() for task, share in used[pid].items()]
  run.emit(figure, "hamlet", "percent below 0.3", n=1, seconds=run.number(60),
           percent=round(sum(sum(each.values()) for each in used.values()), 3), **of,
           most=sorted(named, reverse=True)[:8])


def hang(run):
  """SIGSTOP of an entity that beats every 5 ms to its restart."""
  for mark, wanted in ((5, "p50 at most 115"), (1, "p50 below 60")):
    with run.bed("hamlet", 0) as bed:
      entities = Beating(run, bed, mark, 5)
      spurious = entities.spurious(5)
      result = bed.kill_each(run.number(100), (0.3, 0.5), entities.names, sig=signal.SIGSTOP,
                             ready=entities.once)
      run.emit(f"hang_mark_{mark}", "hamlet", wanted, spurious_in_5_s=spurious, **result)


class Beating:
  """Entities that attached themselves. Each life begins with the workload's stamp."""

  def __init__(self, run, bed, mark, count):
    self.file = bed.lines + ".beating"
    self.names = [str(i) for i in range(count)]
    self.used = dict.fromkeys(self.names, 0)
    words = [run.workshop.beat, bed.lines, "%", bed.socket, "beats%", "20", "5", str(mark)]
    for name in self.names:
      bed.popen(*(word.replace("%", name) for word in words))
    end = time.monotonic() + 30
    while not all(self.beating(name) for name in self.names):
      if time.monotonic() > end:
        raise RuntimeError("an entity does not beat; see " + bed.directory)
      time.sleep(0.05)
    run.workshop.run_client("HangRules", bed.server, count, *words, small=True)

  def beating(self, name):
    """The processes of that name that have begun to beat, in order."""
    if not os.path.exists(self.file):
      return []
    with open(self.file) as file:
      words = [line.split() for line in file if line.endswith("\n")]
    return [int(pid) for _, pid, whose in words if whose == name]

  def once(self, name, pid):
    """True one time for each life that beats. One that came by a spurious restart may not beat
    yet: it would be stopped before it attaches itself, and nobody could tell that it hangs."""
    beating = self.beating(name)
    new = beating[-1:] == [pid] and len(beating) > self.used[name]
    if new:
      self.used[name] = len(beating)
    return new

  def spurious(self, seconds):
    """Restarts while nobody was stopped."""
    time.sleep(2)
    before = [len(self.beating(name)) for name in self.names]
    time.sleep(seconds)
    return sum(len(self.beating(name)) for name in self.names) - sum(before)


def registrations(run):
  """Entities, conditions and actions over one connection."""
  wanted = {"local": "per_second 20000", "durable": "per_second 5000 with 64 in flight",
            "one_local": "p50 below 0.3"}
  with run.bed("hamlet", 0) as bed:
    out = run.workshop.run_client("Registrations", bed.server, run.number(30000))
    for line in out.splitlines():
      name, count, *rest = line.split()
      if len(rest) == 1:
        values = {"per_second": int(rest[0])}
      else:
        values = {"p50": round(int(rest[0]) / 1e6, 3), "p99": round(int(rest[1]) / 1e6, 3)}
      run.emit("register_" + name, "hamlet", wanted.get(name), n=int(count), **values)


def beats(run):
  """Heartbeats over one gRPC stream."""
  with run.bed("hamlet", 0) as bed:
    out = run.workshop.run_client("BeatStreamRate", bed.socket, run.number(500000))
    count, rate = out.split()
    run.emit("beats_stream", "hamlet", "per_second 100000", n=int(count), per_second=int(rate))


def calls(run):
  """What a beat costs, and a cover on the good path beside two libraries that retry. By JMH."""
  beat = run.workshop.benchmark("HeartbeatBenchmark")["beat"]
  run.emit("beat", "hamlet", "nanos below 100, bytes 0", **beat)
  whose = {"cover": "hamlet", "direct": "floor"}
  for method, values in run.workshop.benchmark("CoverBenchmark").items():
    run.emit("cover", whose.get(method, method), "nanos below 50, bytes 0", **values)


def heal(run):
  """SIGKILL of a redis to its own next answer, and how much later a covered client has one."""
  redis = shutil.which("redis-server")
  if not redis:
    raise RuntimeError("redis-server is missing (Debian: apt install redis-server)")
  nanos = {"restart": [], "beyond": []}
  with run.bed("hamlet", 0) as bed:
    data = os.path.join(bed.directory, "redis")
    os.mkdir(data)
    out = run.workshop.run_client("Healings", bed.server, run.number(200), redis, data)
  for line in out.splitlines():
    name, value = line.split()
    nanos[name].append(int(value))
  run.emit("heal_restart", "redis", **measure.summary(nanos["restart"]))
  run.emit("heal", "hamlet", "p50 below 50", **measure.summary(nanos["beyond"]))


def start(run):
  """`ham run` to the first answered call, and a call of the command line."""
  nanos = []
  for i in range(run.number(20) + 1):
    with run.bed("hamlet", 0) as bed:
      if i:  # The very first may have to make the cache.
        nanos.append(bed.ready_after())
  run.emit("start", "hamlet", "p50 below 400", **measure.summary(nanos))
  with run.bed("hamlet", 0) as bed:
    nanos = []
    for i in range(run.number(50) + 1):
      begin = measure.now()
      subprocess.run([run.workshop.ham, "--server", bed.server, "status"], check=True,
                     stdout=subprocess.DEVNULL)
      if i:
        nanos.append(measure.now() - begin)
    run.emit("command", "hamlet", "p50 below 400", **measure.summary(nanos))


def takeover(run):
  """SIGKILL of the HAM: to the first call answered, to an entity's restart, to the next guard."""
  wanted = {"call": "p50 below 30, p99 below 100", "entity": "p50 below 50", "guard": "p50 below 600"}
  with populated(run, "hamlet", 1000)[0] as bed:
    out = run.workshop.run_client("Takeovers", bed.server, run.number(200), bed.lines)
    nanos = {name: [] for name in wanted}
    for line in out.splitlines():
      name, value = line.split()
      nanos[name].append(int(value))
    for name, values in nanos.items():
      run.emit("takeover_" + name, "hamlet", wanted[name], **measure.summary(values))
    time.sleep(2)
    run.emit("pair", "hamlet", "rss of the Guardian below 90", n=1, **resident(bed))
    idle(run, bed, "pair_idle")


def tailing(run):
  """An append to the live log, alone and with a reader that never pauses."""
  with tempfile.TemporaryDirectory(prefix="hamlet-tail-") as disk, \
       tempfile.TemporaryDirectory(prefix="hamlet-tail-", dir="/dev/shm") as memory:
    out = run.workshop.run_client("Tailing", disk, memory, run.number(400))
    count, alone, tailed = map(int, out.split())
    run.emit("tailing", "hamlet", "added nanos below 1000", n=count, batch=500, alone=alone,
             tailed=tailed, added=tailed - alone)


ALL = {"restart": restart, "restart_1000": restart_many, "first_up": first_up,
       "size": size, "hang": hang, "registrations": registrations, "beats": beats, "calls": calls, "heal": heal,
       "start": start, "takeover": takeover, "tailing": tailing, "raise": cluster.raising,
       "watch": cluster.watch, "replica": cluster.replica, "lost": cluster.lost,
       "lost_cut": losses.cut, "alarms": losses.alarms, "cluster_idle": cluster.cluster_idle,
       "sam": sam.silence, **owner.ALL}
