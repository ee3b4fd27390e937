#!/bin/sh
# Stands before a program of the same name, in the first directory that the agent looks in, and does what
# /run/lab/fault/NAME says: "slow SECONDS", "fail", or nothing. While /run/lab/fault/kill-at exists it also counts the
# steps that write to the host (each line of a batch is one), and right after the step of that number it kills whoever
# called it: the agent, at every possible place, with no chance to tidy up.
name=${0##*/}
at=/run/lab/fault
for folder in /usr/sbin /usr/bin; do
  [ -x "$folder/$name" ] && real=$folder/$name && break
done
[ -z "$real" ] && exit 127
[ -e "$at/$name" ] && read -r mode < "$at/$name"
case $mode in
  slow*) sleep "${mode#slow }" ;;
  fail) echo "$name: made to fail by the lab" >&2; exit 1 ;;
esac
[ -e "$at/kill-at" ] || exec "$real" "$@"

# Notes a step that was made; after the chosen one nothing more is done. One at a time: some programs run beside others,
# and a step that two of them count at once would be nobody's.
step() {
  exec 9> "$at/lock"
  flock 9
  echo "$name $*" | tr '\n' ' ' | cut -c 1-90 >> "$at/steps"
  [ "$(wc -l < "$at/steps")" = "$(cat "$at/kill-at")" ] || { exec 9>&-; return 0; }
  kill -9 "$PPID"
  exit 1
}

case "$name $*" in
  "ip -force -batch -")
    code=0
    while read -r line; do
      echo "$line" | "$real" -force -batch - || code=$?
      step "$line"
    done
    exit $code ;;
  "wg syncconf"* | "wg addconf"* | "wg set"* | "nft -f"* | "sysctl -e -w"* | "wireguard-go meshover0" | "ip link set"* | vtysh*configure*)
    "$real" "$@"
    code=$?
    step "$1 $2 $3"
    exit $code ;;
esac
exec "$real" "$@"
