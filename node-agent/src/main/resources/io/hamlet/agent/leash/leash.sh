# The leash of a node (architecture.md 3): ends what only one node may run, and both managers with
# it, when they cannot do so themselves; then tells the voters. Normally it does nothing. Bash, and
# nothing but its built-ins: what lets both managers hang is most often a disk.
#
# Arguments: kill or freeze (how a cgroup is ended), longest time to a deadline in hundredths of a
#   second, node, incarnation, generation, cgroup of the entities that are kept (- for none), and
#   then each cgroup that has to end.
# Descriptors: 0 is the pipe whose writers are the managers, 3 and 4 are both ends of another on
#   which nothing ever comes.
# Lines, each of one write:
#   S ALL STOPPED     its two secrets; before them it has nothing to end
#   V HOST/PORT ...   the voters
#   D 000000012345 .  the deadline by the clock of /proc/uptime, in hundredths; zeros: none

set +o posix
set -u -f
shopt -s globstar
# Nobody ends it with a word; a pipe or a socket that is gone must not either.
trap '' HUP INT QUIT TERM PIPE USR1 USR2 TSTP

readonly how=$1 longest=$2 name="$3 $4 $5" kept=$6
shift 6
readonly -a condemned=("$@")
readonly clock=/proc/uptime
secrets=() voters=() due=0 now=0

# Without a clock every deadline is past.
look() {
  local uptime
  IFS=' ' read -r uptime _ <"$clock" || uptime=99999999999.99
  now=$((10#${uptime/./}))
}

pause() {
  read -r -t "$1" -u 3
}

obey() {
  local -a words
  IFS=' ' words=($1)
  case ${words[0]:-} in
    S) ((${#words[@]} == 3)) && secrets=("${words[@]:1}") ;;
    V) voters=("${words[@]:1}") ;;
    D)
      # A line cut short, by whatever, is none.
      [[ $1 =~ ^'D '([0-9]{12})' .'$ ]] || return
      look
      due=$((10#${words[1]}))
      ((due <= now + longest)) || due=$((now + longest))
      ;;
  esac
}

# Returns when the deadline is past, or no writer is left. Lines that wait are read before the clock
# is judged: who was stopped itself must not take an old deadline for the newest.
watch() {
  local line='' part limit status
  while :; do
    limit=
    if ((due)); then
      look
      ((due > now)) || return
      printf -v limit '0.%02d' $((due - now < 10 ? due - now : 10))
    fi
    while :; do
      status=0
      IFS= read -r ${limit:+-t "$limit"} part || status=$?
      line+=$part
      ((status == 0)) || break
      obey "$line"
      line=
      read -t 0 || break
    done
    # Above 128 it was the clock.
    ((status == 0 || status > 128)) || return
  done
}

# Sends SIGKILL to all in the cgroup $1 and below.
end() {
  local list pid
  if [[ $how == kill ]]; then
    printf 1 >"$1/cgroup.kill"
    return
  fi
  # Before Linux 5.14: nothing may fork between the reading and the killing.
  printf 1 >"$1/cgroup.freeze"
  set +f
  for list in "$1"/**/cgroup.procs; do
    while read -r pid; do
      # 0 is one that cannot be seen from here; to signal it would be to signal ourselves.
      ((pid == 0)) || kill -KILL "$pid"
    done <"$list"
  done
  set -f
  printf 0 >"$1/cgroup.freeze"
}

# Only what the kernel says is a proof; a file that is not there says nothing.
is_empty() {
  local key value
  while IFS=' ' read -r key value; do
    [[ $key == populated ]] && { [[ $value == 0 ]]; return; }
  done <"$1/cgroup.events"
  return 1
}

are_empty() {
  local cgroup
  for cgroup in "${condemned[@]}"; do
    is_empty "$cgroup" || return
  done
}

fire() {
  local cgroup i
  while :; do
    for cgroup in "${condemned[@]}"; do
      end "$cgroup"
    done
    for ((i = 0; i < 20; i++)); do
      are_empty && return
      pause 0.001
    done
  done
}

# The first secret says that nothing is left at all, the second that only what is kept may be.
tell() {
  local secret=${secrets[1]} voter wait
  [[ $kept != - ]] && ! is_empty "$kept" || secret=${secrets[0]}
  for wait in 0.01 0.03 0.06 0.1 0.2 0.3 0.3; do
    for voter in "${voters[@]}"; do
      printf 'HL-OBITUARY 1 %s %s\n' "$name" "$secret" >"/dev/udp/$voter"
    done
    pause "$wait"
  done
}

watch
((${#secrets[@]})) || exit 0
fire
tell
exit 0
