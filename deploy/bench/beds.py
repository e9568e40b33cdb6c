"""Where something is measured: a workshop, and in it a bed with N workloads."""

import glob
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

import measure
import probe

HERE = os.path.dirname(os.path.realpath(__file__))
RELEASE = 25


class Workshop:
  """A directory in which everything lies, with the compiled workloads and the Java clients."""

  def __init__(self, root):
    self.root = root
    self.ham = os.path.join(root, "deploy", "bin", "ham")
    self.directory = tempfile.mkdtemp(prefix="hamlet-bench-")
    self.serial = 0
    try:
      self.keeper = self.compile("keeper")
      self.work = self.compile("work")
      self.floor = self.compile("floor")
      self.beat = self.compile("beat")
      self.clients = self.class_path()
    except BaseException:
      self.__exit__()
      raise

  def __enter__(self):
    return self

  def __exit__(self, *problem):
    shutil.rmtree(self.directory, ignore_errors=True)

  def compile(self, name):
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if not compiler:
      raise SystemExit("bench: a C compiler is missing (Debian: apt install gcc libc6-dev)")
    target = os.path.join(self.directory, name)
    subprocess.check_call([compiler, "-O2", "-o", target, os.path.join(HERE, name + ".c")])
    return target

  def class_path(self):
    """Builds what is missing or older than its sources; the clients are a part of the tests."""
    def jars():
      found = glob.glob(os.path.join(self.root, "it-tests", "target", "hamlet-it-tests-*.jar"))
      return [jar for jar in found if not jar.endswith(("-tests.jar", "-sources.jar"))]
    agent = os.path.join(self.root, "node-agent", "target", "hamlet-node-agent.jar")
    if not jars() or not os.path.exists(agent) or self.stale():
      subprocess.check_call(["mvn", "-q", "-B", "-Dmaven.test.skip=true", "-pl", "it-tests", "-am",
                             "package"], cwd=self.root)
    return ":".join(jars()[:1] + [agent])

  def stale(self):
    """Whether the jar of a module is older than one of its sources."""
    for main in glob.glob(os.path.join(self.root, "*", "src", "main")):
      sources = [os.path.getmtime(os.path.join(path, name))
                 for path, _, names in os.walk(main) for name in names]
      built = glob.glob(os.path.join(main, "..", "..", "target", "*.jar"))
      if max(sources, default=0) > max(map(os.path.getmtime, built), default=0):
        return True
    return False

  def java(self):
    homes = [os.environ.get("JAVA_HOME", "")] + sorted(glob.glob("/usr/lib/jvm/*"))
    for home in homes:
      release = os.path.join(home, "release")
      if home and os.path.exists(release):
        with open(release) as file:
          for line in file:
            if line.startswith("JAVA_VERSION=") and int(line.split('"')[1].split(".")[0]) >= RELEASE:
              return os.path.join(home, "bin", "java")
    raise SystemExit(f"bench: no JDK {RELEASE} found")

  def client(self, name, *arguments, small=False):
    """The command of a client; a small one starts fast and takes little."""
    options = ["-XX:+UseSerialGC", "-Xmx256m"]
    if small:
      options = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx48m", "-Xshare:auto",
                 "-XX:-UsePerfData"]
    return [self.java(), *options, "--enable-native-access=ALL-UNNAMED", "-Xlog:disable",
            "-Dslf4j.provider=org.slf4j.helpers.NOP_FallbackServiceProvider",
            "-Dslf4j.internal.verbosity=ERROR", "-Dio.netty.transport.noNative=true",
            "-cp", self.clients, "io.hamlet.it.bench." + name, *map(str, arguments)]

  def run_client(self, name, *arguments, small=False):
    return subprocess.run(self.client(name, *arguments, small=small), check=True, text=True,
                          stdout=subprocess.PIPE).stdout

  def benchmark(self, name):
    """What JMH measured, by method: its score and error in nanoseconds, and bytes allocated."""
    path = os.path.join(self.directory, "test-class-path")
    if not os.path.exists(path):
      subprocess.check_call(
          ["mvn", "-q", "-B", "-DskipTests", "-pl", "it-tests", "-am", "test-compile",
           "dependency:build-classpath", "-Dmdep.includeScope=test", "-Dmdep.outputFile=" + path],
          cwd=self.root, stdout=sys.stderr)
    with open(path) as file:
      libraries = file.read().strip()
    classes = [os.path.join(self.root, "it-tests", "target", each)
               for each in ("test-classes", "classes")]
    result = os.path.join(self.fresh("jmh"), "result.json")
    subprocess.run(
        [self.java(), "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED",
         "-cp", ":".join(classes + [libraries]), "io.hamlet.it.bench.Measured", name, result],
        check=True, stdout=subprocess.DEVNULL)
    with open(result) as file:
      return {each["benchmark"].rsplit(".", 1)[1]: {
          "nanos": round(each["primaryMetric"]["score"], 2),
          "error": round(each["primaryMetric"]["scoreError"], 2),
          "bytes": round(each["secondaryMetrics"]["gc.alloc.rate.norm"]["score"], 1),
      } for each in json.load(file)}

  def fresh(self, name):
    self.serial += 1
    path = os.path.join(self.directory, f"{name}-{self.serial}")
    os.mkdir(path)
    return path


class Bed:
  """A supervisor at work.

  rest: how long a workload must live so that no throttle is met; most: how many workloads can be
  waited for; needs: programs."""

  rest = (0.02, 0.07)
  most = 1000
  needs = ()

  def __init__(self, workshop, count):
    self.workshop = workshop
    self.count = count
    self.directory = workshop.fresh(type(self).__name__.lower())
    self.lines = os.path.join(self.directory, "lines")
    self.kept = []
    self.begun = measure.now()
    try:
      self.process = self.start()
    except BaseException:
      self.__exit__()
      raise

  def __enter__(self):
    return self

  def __exit__(self, *problem):
    self.stop()

  @classmethod
  def missing(cls):
    """A program that it needs and that is not here; None: it can be measured."""
    return next((name for name in cls.needs if not shutil.which(name)), None)

  def popen(self, *command):
    """Starts a program below a keeper; terminate() ends it with all that came of it.

    In a session of its own, so that an interrupt at the terminal reaches the bench alone."""
    with open(os.path.join(self.directory, "log"), "ab") as log:
      keeper = subprocess.Popen([self.workshop.keeper, *command], cwd=self.directory,
                                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                start_new_session=True)
    self.kept.append(keeper)
    return keeper

  def write(self, path, text, mode=0o644):
    path = os.path.join(self.directory, path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
      file.write(text)
    os.chmod(path, mode)
    return path

  def all_up(self, limit=60):
    """Milliseconds until all workloads were up; None if they never were."""
    stamps = measure.Stamps(self.lines)
    complete = stamps.wait(self.count, limit)
    stamps.close()
    return round((max(stamps.time.values()) - self.begun) / 1e6, 1) if complete else None

  def kill_each(self, kills, rest, names, **options):
    """As measure.kill_each, seen from where the supervisor is."""
    return measure.kill_each(self.lines, kills, rest, names, **options)

  def kill_all(self):
    """As measure.kill_all."""
    return measure.kill_all(self.lines)

  def own(self):
    """The processes of the supervisor: its tree without the workloads."""
    return [pid for pid in measure.tree(self.process.pid)
            if measure.program(pid) not in (self.workshop.work, self.workshop.keeper)]

  def stop(self):
    """Ends what was started."""
    for keeper in self.kept:
      keeper.terminate()
    for keeper in self.kept:
      keeper.wait()


def remove_cgroup(home):
  """With those inside it."""
  for path, _, _ in os.walk(home, topdown=False):
    try:
      os.rmdir(path)
    except OSError:
      continue


class Hamlet(Bed):
  """A node; letter and options are those of a member of a cluster."""

  def __init__(self, workshop, count, letter="", options=("--listen", "none")):
    self.node = f"bench{os.getpid()}{letter}"
    self.options = options
    super().__init__(workshop, count)

  def start(self):
    self.socket = os.path.join(self.directory, "ham.sock")
    self.server = "unix:" + self.socket
    self.begin()
    self.await_answer()
    return self.process

  def begin(self):
    """Also once more, on the state that an earlier life left."""
    self.begun = measure.now()
    self.process = self.popen(self.workshop.ham, "run", "--node", self.node, "--state",
                              os.path.join(self.directory, "state"), "--socket", self.socket,
                              "--log", os.path.join(self.directory, "activity"), *self.options)

  def wipe(self):
    """As if it had a new disk and its host a new memory; only when nothing of it runs."""
    shutil.rmtree(os.path.join(self.directory, "state"))
    self.forget()

  def await_answer(self):
    end = time.monotonic() + 60
    while not probe.answers(self.socket):
      if time.monotonic() > end or self.process.poll() is not None:
        raise RuntimeError("the node does not answer; see " + self.directory)
      time.sleep(0.001)
    self.answered = measure.now()

  def __exit__(self, *problem):
    """Takes away the node's memory and cgroups as well, which outlive a node on purpose."""
    super().__exit__(*problem)
    self.forget()
    for home in glob.glob(f"/sys/fs/cgroup/**/hamlet-{self.node}@*", recursive=True):
      remove_cgroup(home)

  def forget(self):
    for path in glob.glob(f"/dev/shm/hamlet-{os.getuid()}/{self.node}@*"):
      shutil.rmtree(path, ignore_errors=True)

  def ready_after(self):
    return self.answered - self.begun

  def populate(self, populating=None):
    """Attaches the workloads, by a client of its own or this one; all_up counts from the first
    request."""
    if populating is None:
      with Populating(self.workshop, self.count) as populating:
        return self.populate(populating)
    self.begun = populating.at(self.server, self.lines)
    return self

  def jvm(self):
    """HAM and Guardian, HAM first; after a takeover neither is below the launcher."""
    words = "\0--link\0" + os.path.join(self.directory, "state") + "\0"
    found = [int(name) for name in os.listdir("/proc")
             if name.isdigit() and words in measure.command(name)
             and measure.program(name).endswith("/java")]
    return sorted(found, key=lambda pid: "ham-core" not in measure.threads(pid).values())

  def pair(self):
    """HAM and Guardian by name; waits for the Guardian."""
    end = time.monotonic() + 10
    while len(self.jvm()) < 2:
      if time.monotonic() > end:
        raise RuntimeError("there is no Guardian; see " + self.directory)
      time.sleep(0.1)
    return dict(zip(("ham", "guardian"), self.jvm()))


class Populating:
  """A client that attaches workloads, at one node after the other."""

  def __init__(self, workshop, count):
    command = workshop.client("Populate", count, workshop.work, small=True)
    self.client = subprocess.Popen(command, text=True, stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE)

  def __enter__(self):
    return self

  def at(self, server, lines):
    """Blocks until all is attached; when the first was asked for, by the monotonic clock."""
    self.client.stdin.write(f"{server} {lines}\n")
    self.client.stdin.flush()
    answer = self.client.stdout.readline()
    if not answer:
      raise RuntimeError("the client failed at " + server)
    return int(answer)

  def __exit__(self, *problem):
    self.client.stdin.close()
    self.client.stdout.close()
    self.client.wait()


class Floor(Bed):
  def start(self):
    return self.popen(self.workshop.floor, self.workshop.work, self.lines, str(self.count))
