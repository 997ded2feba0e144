#!/usr/bin/env bash
# Makes a file tree of a small Debian with more packages in it, to be booted or entered by tests; from the
# archive that this machine takes its own packages from, which is not named in the tree.
#
#   tools/debian-tree.sh SUITE DIR PACKAGE...
#
# Does nothing when it is there; several runs for one DIR wait for each other. Needs debootstrap and root.
set -euo pipefail

die() {
  echo "debian-tree.sh: $*" >&2
  exit 1
}

(($# >= 2)) || die 'usage: debian-tree.sh SUITE DIR [PACKAGE...]'
suite=$1 dir=$2
shift 2
packages=$(IFS=,; echo "$*")
made="$suite $packages"
here=$(cd "$(dirname "$0")" && pwd)

is_made() {
  [[ -e $dir/.made && $(<"$dir/.made") == "$made" ]]
}

is_made && exit 0
command -v debootstrap >/dev/null || die 'debootstrap is not on this machine'
((EUID == 0)) || die 'a tree of Debian can only be made by root'

mkdir -p "$(dirname "$dir")"
exec 9>"$dir.lock"
flock 9
is_made && exit 0

mapfile -t mirrors < <("$here/mirrors.sh")
((${#mirrors[@]})) || die "no Debian mirror in this machine's apt configuration"
next=$dir.new
make_from() {
  rm -rf --one-file-system "$next"
  debootstrap --variant=minbase ${packages:+--include="$packages"} "$suite" "$next" "$1" >"$dir.log" 2>&1
}

# A mirror that is slow or being updated answers the next time.
make() {
  local attempt mirror
  for attempt in 1 2 3; do
    for mirror in "${mirrors[@]}"; do
      make_from "$mirror" && return
    done
    ((attempt == 3)) || sleep $((attempt * 3))
  done
  cat "$dir.log" >&2
  return 1
}

trap 'rm -rf --one-file-system "$next"' EXIT
echo "debian-tree.sh: making $suite with $packages in $dir" >&2
make || die "could not make $suite out of ${mirrors[*]}"
# What a test installs is to come from nowhere but where the test says.
rm -rf "$next"/etc/apt/sources.list "$next"/var/lib/apt/lists/* "$next"/var/cache/apt/archives/*.deb
echo "$made" >"$next/.made"
rm -rf --one-file-system "$dir"
mv "$next" "$dir"
rm -f "$dir.log"
