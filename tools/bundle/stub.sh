#!/bin/sh
# meshover @VERSION@. This file is a shell script with an archive behind it. It unpacks itself once into
# /var/cache/meshover (or $MESHOVER_CACHE; for users without rights there, their own cache) and runs from there.
key=@KEY@

fail() {
  echo "meshover: $*" >&2
  exit 1
}

if [ -n "${MESHOVER_CACHE:-}" ]; then
  root=$MESHOVER_CACHE
elif [ -e "/var/cache/meshover/$key/complete" ] || [ -w /var/cache ] || [ -w /var/cache/meshover ]; then
  root=/var/cache/meshover
elif [ -n "${HOME:-}" ]; then
  root=${XDG_CACHE_HOME:-$HOME/.cache}/meshover
else
  fail "no folder to unpack into: set MESHOVER_CACHE"
fi
dir=$root/$key
cache=$dir/cache

part() { # bytes of this file: the first, how many
  tail -c "+$1" "$self" | head -c "$2"
}

unpack_part() { # a Debian archive in this file (first byte, how many) and the zstd stream within it (the same)
  if command -v zstd > /dev/null; then
    part "$3" "$4" | zstd -dcq | tar -xf - -C "$new"
  elif command -v dpkg-deb > /dev/null; then
    part "$1" "$2" > "$new/archive.deb" && dpkg-deb --extract "$new/archive.deb" "$new"
    rm -f "$new/archive.deb"
  elif command -v bsdtar > /dev/null; then
    part "$3" "$4" | bsdtar -xf - -C "$new"
  else
    fail "cannot unpack myself: install the program zstd"
  fi
}

unpack() {
  case $0 in */*) self=$0 ;; *) self=$(command -v "$0") || fail "cannot find myself: call me by my path" ;; esac
  umask 022
  mkdir -p "$root" || fail "cannot make $root: set MESHOVER_CACHE to a folder that can be written to"
  safe "$root"
  new=$(mktemp -d "$root/.unpacking.XXXXXX") || fail "cannot write to $root: set MESHOVER_CACHE to another folder"
  trap 'rm -rf "$new"' EXIT
  trap 'exit 1' HUP INT TERM
@PARTS@
  # The last file of the archive: all others are there when it is.
  [ -e "$new/complete" ] || fail "cannot unpack into $root: is the disk full, or this file damaged?"
  mkdir "$new/cache"
  chmod 755 "$new"
  # Whoever comes second finds the folder there; both have the same content.
  mv -T "$new" "$dir" 2> /dev/null || [ -e "$dir/complete" ] || fail "cannot make $dir"
  trap - EXIT HUP INT TERM
  rm -rf "$new"
  forget
}

forget() { # versions unpacked over a week ago that nothing runs from: each takes 110 MB
  find "$root" -mindepth 2 -maxdepth 2 -path '*-????????????????/complete' -prune -print 2> /dev/null |
    while IFS= read -r mark; do
      old=${mark%/complete}
      [ "$old" != "$dir" ] && [ -n "$(find "$old" -maxdepth 0 -mtime +6)" ] || continue
      for exe in /proc/[0-9]*/exe; do readlink "$exe"; done 2> /dev/null | grep -qxF "$old/deno" || rm -rf "$old"
    done
}

safe() { # what others could have changed is not run
  unsafe=$(find "$@" -prune \( -perm /022 -o ! -uid 0 ! -uid "$(id -u)" \) -print) || exit 1
  [ -z "$unsafe" ] || fail "$unsafe can be changed by others: remove it, or set MESHOVER_CACHE"
}

[ -e "$dir/complete" ] || unpack
safe "$root" "$dir"
