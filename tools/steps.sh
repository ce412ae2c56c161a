#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# Sourced by scripts that take minutes. Runs their steps and prints on stderr which one is running,
# and in the end how long each took. The caller sets `log`, the file for the output of the steps.

steps_taken=()
: "${log:?}"

say() { echo "$*" >&2; }

# Sets `cpu` to the CPU milliseconds that the commands of this script took so far.
read_cpu() {
  local line unit total=0
  # Not in a command substitution: a new subshell has no children.
  times >"$log.times"
  line=$(tail -n 1 "$log.times")
  for unit in $line; do
    [[ $unit =~ ^([0-9]+)m([0-9]+)[.,]([0-9]+)s$ ]] || continue
    total=$((total + BASH_REMATCH[1] * 60000 + BASH_REMATCH[2] * 1000 + 10#${BASH_REMATCH[3]}))
  done
  cpu=$total
  rm -f "$log.times"
}

# step NAME COMMAND...: runs the command quietly. If it fails, prints the end of its output.
step() {
  local name=$1 start=$SECONDS before status=0
  shift
  read_cpu
  before=$cpu
  "$@" >"$log" 2>&1 </dev/null || status=$?
  step_ends "$@"
}

# timed NAME COMMAND...: as `step`, but shows the output of the command.
timed() {
  local name=$1 start=$SECONDS before status=0
  shift
  read_cpu
  before=$cpu
  "$@" || status=$?
  took_its_time
  return "$status"
}

# build_step ARGUMENTS...: runs ninja with them and shows its progress. Needs `pipefail`.
build_step() {
  local name=build start=$SECONDS before status=0
  read_cpu
  before=$cpu
  NINJA_STATUS='[%f/%t] ' ninja "$@" 2>&1 </dev/null | tee "$log" | show_progress || status=$?
  step_ends ninja "$@"
}

# Ends a step, given its command; uses the local variables of its caller.
step_ends() {
  took_its_time
  [ "$status" -eq 0 ] || {
    tail -n 80 "$log" >&2
    say "failed: $*"
  }
  return "$status"
}

# Reads ninja's output. Rewrites one line on a terminal, else prints a line every ten seconds.
show_progress() {
  local line count='' start=$SECONDS shown='' next=$((SECONDS + 10)) status
  while true; do
    status=0
    IFS= read -r -t 5 line || status=$?
    [ "$status" -eq 0 ] || [ "$status" -gt 128 ] || break
    if [ "$status" -eq 0 ] && [[ $line =~ ^\[([0-9]+)/([0-9]+)\]\  ]]; then
      [ -n "$count" ] || next=$SECONDS
      count=": ${BASH_REMATCH[1]} of ${BASH_REMATCH[2]}"
    fi
    if [ -t 2 ]; then
      shown="building$count, $((SECONDS - start)) s"
      printf '\r%s\033[K' "$shown" >&2
    elif [ "$SECONDS" -ge "$next" ]; then
      say "building$count, $((SECONDS - start)) s"
      next=$((SECONDS + 10))
    fi
  done
  [ -z "$shown" ] || printf '\r\033[K' >&2
}

took_its_time() {
  local took=$((SECONDS - start))
  read_cpu
  steps_taken+=("$name $took s (cpu $(((cpu - before + 500) / 1000)) s)")
}

say_times() {
  local text
  [ "${#steps_taken[@]}" -gt 0 ] || return 0
  printf -v text '%s, ' "${steps_taken[@]}"
  say "${text%, }"
}
