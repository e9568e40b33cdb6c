"""Three nodes, each on a host of its own: a network namespace, with a cable to one bridge. Root."""

import os
import secrets
import subprocess

import beds

LETTERS = "abc"
BUS, API = 4227, 4226
NEW_KEY = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes".split()


def call(*words):
  done = subprocess.run(words, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                        stderr=subprocess.STDOUT)
  if done.returncode:
    raise RuntimeError(" ".join(words) + ": " + done.stdout.strip())
  return done.stdout


class Wire:
  """The namespaces. Nothing of this machine's own network is touched or reached."""

  def __init__(self):
    self.mark = f"hamlet-bench{os.getpid()}"
    self.bridge = self.mark + "-wire"
    try:
      call("ip", "netns", "add", self.bridge)
      self.inside(self.bridge, "link", "add", "name", "wire", "type", "bridge")
      self.inside(self.bridge, "link", "set", "dev", "wire", "up")
      for letter in LETTERS:
        self.add(letter)
    except BaseException:
      self.__exit__()
      raise

  def __enter__(self):
    return self

  def __exit__(self, *problem):
    for name in [self.name(letter) for letter in LETTERS] + [self.bridge]:
      if os.path.exists("/run/netns/" + name):
        call("ip", "netns", "del", name)

  def add(self, letter):
    name, plug = self.name(letter), "plug" + letter
    call("ip", "netns", "add", name)
    self.inside(self.bridge, "link", "add", "name", plug, "type", "veth", "peer", "name", "eth0",
                "netns", name)
    self.inside(self.bridge, "link", "set", "dev", plug, "master", "wire", "up")
    self.inside(name, "link", "set", "dev", "lo", "up")
    self.inside(name, "addr", "add", self.address(letter) + "/24", "dev", "eth0")
    self.inside(name, "link", "set", "dev", "eth0", "up")

  @staticmethod
  def inside(name, *words):
    call("ip", "-n", name, *words)

  def name(self, letter):
    return f"{self.mark}-{letter}"

  @staticmethod
  def address(letter):
    return f"198.18.9.{11 + LETTERS.index(letter)}"

  def plug(self, letter, up):
    """Puts a host's cable in, or pulls it."""
    self.inside(self.bridge, "link", "set", "dev", "plug" + letter, "up" if up else "down")


class Host(beds.Hamlet):
  """A node on its host; started, not waited for."""

  def __init__(self, workshop, letter, wire, options):
    self.letter = letter
    self.enter = ("nsenter", f"--net=/run/netns/{wire.name(letter)}")
    super().__init__(workshop, 0, letter, options)

  def start(self):
    self.socket = os.path.join(self.directory, "ham.sock")
    self.server = "unix:" + self.socket
    self.begin()
    return self.process

  def popen(self, *command):
    return super().popen(*self.enter, *command)


class Land:
  """The cluster on them."""

  def __init__(self, workshop, *options):
    self.workshop = workshop
    self.nodes = []
    self.wire = Wire()
    try:
      names = [f"bench{os.getpid()}{letter}" for letter in LETTERS]
      join = ",".join(map(self.wire.address, LETTERS))
      secured = keys(workshop.fresh("keys"))
      for letter in LETTERS:
        own = self.wire.address(letter)
        self.nodes.append(Host(workshop, letter, self.wire, (
            "--listen", f"{own}:{API}", "--cluster", names[0], "--bind", f"{own}:{BUS}",
            "--voters", ",".join(names), "--join", join, *secured, *options)))
      for node in self.nodes:
        node.await_answer()
    except BaseException:
      self.__exit__()
      raise

  def __enter__(self):
    return self

  def __exit__(self, *problem):
    for node in self.nodes:
      node.__exit__(*problem)
    self.wire.__exit__()

  def node(self, name):
    return next(each for each in self.nodes if each.node == name)


def keys(directory):
  """The options that name them: a key of the cluster, and one certificate for all managers."""
  path = lambda name: os.path.join(directory, name)
  with open(os.open(path("cluster.key"), os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
    file.write(secrets.token_hex(32))
  with open(path("names"), "w") as file:
    file.write("subjectAltName=URI:hamlet:role:manager\n")
  call("openssl", "req", "-x509", "-days", "2", "-subj", "/CN=authority", *NEW_KEY,
       "-keyout", path("ca.key"), "-out", path("ca.pem"))
  call("openssl", "req", "-subj", "/CN=manager", *NEW_KEY, "-keyout", path("manager.key"),
       "-out", path("manager.csr"))
  call("openssl", "x509", "-req", "-days", "2", "-CAcreateserial", "-in", path("manager.csr"),
       "-CA", path("ca.pem"), "-CAkey", path("ca.key"), "-extfile", path("names"),
       "-out", path("manager.pem"))
  return ("--cluster-key", path("cluster.key"), "--tls-ca", path("ca.pem"),
          "--tls-cert", path("manager.pem"), "--tls-key", path("manager.key"))
