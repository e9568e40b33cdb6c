"""The peers: other supervisors, each told to start its workloads again as fast as it can."""

import json
import os
import subprocess
import sys

import beds
import measure
from beds import Bed


class Runit(Bed):
  rest = (1.1, 1.3)
  needs = ("runsvdir",)

  def start(self):
    for i in range(self.count):
      self.write(f"services/{i}/run",
                 f"#!/bin/sh\nexec {self.workshop.work} {self.lines} {i}\n", 0o755)
    self.begun = measure.now()
    return self.popen(*self.scan(os.path.join(self.directory, "services")))

  def scan(self, services):
    return [self.needs[0], services]


class Daemontools(Runit):
  needs = ("svscan",)


class S6(Runit):
  needs = ("s6-svscan",)

  def scan(self, services):
    return ["s6-svscan", "-c", "2000", services]


class Supervisord(Bed):
  rest = (1.3, 2.3)
  needs = ("supervisord",)

  def start(self):
    where = self.directory
    config = self.write("supervisord.conf", f"""[supervisord]
nodaemon=true
logfile={where}/supervisord.log
pidfile={where}/supervisord.pid
minfds=8192
minprocs=4096
[program:work]
command={self.workshop.work} {self.lines} %(process_num)d
process_name=%(process_num)d
numprocs={self.count}
autorestart=true
startretries=1000000
stdout_logfile=NONE
stderr_logfile=NONE
""")
    return self.popen("supervisord", "-c", config)


ERLANG = """-module(hamletbench).
-behaviour(supervisor).
-export([main/0, init/1, begin_one/3, wait/3]).
main() ->
  [Work, Lines, Count] = init:get_plain_arguments(),
  {ok, _} = supervisor:start_link(?MODULE, {Work, Lines, list_to_integer(Count)}),
  timer:sleep(infinity).
init({Work, Lines, Count}) ->
  Child = fun(I) -> #{id => I, shutdown => brutal_kill,
                      start => {?MODULE, begin_one, [Work, Lines, integer_to_list(I)]}} end,
  {ok, {#{strategy => one_for_one, intensity => 1000000, period => 1},
        [Child(I) || I <- lists:seq(0, Count - 1)]}}.
begin_one(Work, Lines, I) -> proc_lib:start_link(?MODULE, wait, [Work, Lines, I]).
wait(Work, Lines, I) ->
  Port = open_port({spawn_executable, Work}, [{args, [Lines, I]}, exit_status]),
  proc_lib:init_ack({ok, self()}),
  receive {Port, {exit_status, Status}} -> exit({ended, Status}) end.
"""


class Erlang(Bed):
  needs = ("erlc", "erl")

  def start(self):
    subprocess.check_call(["erlc", self.write("hamletbench.erl", ERLANG)], cwd=self.directory)
    self.begun = measure.now()
    return self.popen("erl", "-noshell", "-noinput", "-kernel", "logger_level", "none", "-s",
                      "hamletbench", "main", "-extra", self.workshop.work, self.lines,
                      str(self.count))


class Monit(Bed):
  """With the shortest cycle and time to start that it has. 1,000 would come up in four minutes."""

  rest = (0.5, 1.5)
  most = 100
  needs = ("monit",)

  def start(self):
    where = self.directory
    begin = self.write("begin", f"#!/bin/sh\n{self.workshop.work} {self.lines} $1 &\n"
                       f"echo $! >{where}/$1.pid\n", 0o755)
    config = "set daemon 1\n" + "".join(
        f"set {name} {where}/monit.{name}\n"
        for name in ("logfile", "pidfile", "idfile", "statefile"))
    for i in range(self.count):
      config += (f"check process work{i} with pidfile {where}/{i}.pid\n"
                 f'  start program = "{begin} {i}" with timeout 1 seconds\n'
                 '  stop program = "/bin/true"\n')
    config = self.write("monitrc", config, 0o600)
    self.begun = measure.now()
    return self.popen("monit", "-I", "-c", config)


SERVICE = """[Unit]
DefaultDependencies=no
StartLimitIntervalSec=0
[Service]
ExecStart={work} {lines} %i
Restart=always
RestartSec=0
StandardInput=null
StandardOutput=null
StandardError=null
"""


class Systemd(Bed):
  """As the first process of namespaces of its own; see systemd-box.sh. Needs root and a cgroup v2.

  Without RestartSec=0 it waits 100 ms, and without the limit off it gives up after 5 restarts."""

  rest = (0.3, 0.5)
  needs = ("unshare", "nsenter", "/lib/systemd/systemd")

  @classmethod
  def missing(cls):
    return super().missing() or (None if os.geteuid() == 0 and unified() else "root with cgroup v2")

  def start(self):
    self.cgroup = os.path.join(unified(), os.path.basename(self.workshop.directory) + "-box")
    self.write("console", "")
    self.write("units/work@.service",
               SERVICE.format(work=self.workshop.work, lines=self.lines))
    wants = " ".join(f"work@{i}.service" for i in range(self.count))
    self.write("units/bench.target", f"[Unit]\nDefaultDependencies=no\nWants={wants}\n")
    os.mkdir(self.cgroup)
    self.begun = measure.now()
    return self.popen(os.path.join(beds.HERE, "systemd-box.sh"), self.directory, self.cgroup)

  def __exit__(self, *problem):
    super().__exit__(*problem)
    beds.remove_cgroup(self.cgroup)

  def kill_each(self, kills, rest, names, **options):
    return self.inside("kill_each", self.lines, kills, rest, names, **options)

  def kill_all(self):
    return self.inside("kill_all", self.lines)

  def inside(self, name, *arguments, **options):
    """Calls a function of measure where the pids that the workloads tell are theirs."""
    init = next(pid for pid in measure.tree(self.process.pid)
                if measure.program(pid) == os.path.realpath(self.needs[-1]))
    out = subprocess.run(["nsenter", "--target", str(init), "--pid", sys.executable,
                          measure.__file__, name, json.dumps([arguments, options])],
                         check=True, text=True, stdout=subprocess.PIPE).stdout
    return json.loads(out)


def unified():
  """Where a cgroup v2 is mounted in which one more can be made; None: nowhere."""
  return next((path for path in ("/sys/fs/cgroup", "/sys/fs/cgroup/unified")
               if os.path.exists(path + "/cgroup.subtree_control") and os.access(path, os.W_OK)),
              None)


PEERS = {"floor": beds.Floor, "runit": Runit, "daemontools": Daemontools, "s6": S6,
         "supervisord": Supervisord, "erlang": Erlang, "systemd": Systemd, "monit": Monit}


def installed():
  return [name for name, bed in PEERS.items() if bed.missing() is None]
