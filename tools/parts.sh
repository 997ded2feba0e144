#!/usr/bin/env bash
# Unpacks Debian packages of any suite below a directory. Nothing is installed, and the machine's own
# apt state is only read: its mirror, its proxy and its keyring are used, its lists are left alone.
#
#   tools/parts.sh SUITE[,COMPONENT...] DIR PACKAGE[:ARCH]...
#   tools/parts.sh trixie .cache/parts/trixie prometheus-node-exporter
#
# The component is main unless named. Dependencies are not followed. Does nothing when all is there;
# several runs for one DIR wait for each other. Needs apt and dpkg, but not root.
set -euo pipefail

die() {
  echo "parts.sh: $*" >&2
  exit 1
}

(($# >= 3)) || die 'usage: parts.sh SUITE[,COMPONENT...] DIR PACKAGE[:ARCH]...'
for tool in apt-get dpkg dpkg-deb flock tar; do
  command -v "$tool" >/dev/null || die "$tool is not on this machine (Debian packages need Debian's tools)"
done

IFS=, read -ra components <<<"$1"
suite=${components[0]}
components=("${components[@]:1}")
((${#components[@]})) || components=(main)
dir=$2
shift 2

native=$(dpkg --print-architecture)
mkdir -p "$dir/.parts"
dir=$(cd "$dir" && pwd)

# One stamp per package, written after it was unpacked: an interrupted run is taken up where it ended.
stamp_of() {
  local name=${1%%:*} arch=$native
  [[ $1 == *:* ]] && arch=${1#*:}
  echo "$dir/.parts/${suite}_${name}_$arch"
}

list_missing() {
  missing=()
  local package
  for package in "$@"; do
    [[ -e $(stamp_of "$package") ]] || missing+=("$package")
  done
}

list_missing "$@"
((${#missing[@]})) || exit 0

exec 9>"$dir/.parts/lock"
flock 9
list_missing "$@"
((${#missing[@]})) || exit 0

rm -rf "$dir"/.parts/apt.* # left by a run that was killed
state=$(mktemp -d "$dir/.parts/apt.XXXXXX")
trap 'rm -rf "$state"' EXIT
mkdir -p "$state/lists/partial" "$state/cache/archives/partial" "$state/debs" "$state/none"
: >"$state/status"

architectures=$native
for package in "${missing[@]}"; do
  [[ $package == *:* && " $architectures " != *" ${package#*:} "* ]] && architectures+=" ${package#*:}"
done

# Read after the machine's own configuration, so that its proxy and its certificates stay in force.
# The hooks are cleared because they write to directories that only root may write to.
cat >"$state/apt.conf" <<CONF
Dir::State "$state";
Dir::State::lists "$state/lists";
Dir::State::status "$state/status";
Dir::Cache "$state/cache";
Dir::Etc::sourcelist "$state/sources.list";
Dir::Etc::sourceparts "$state/none";
Dir::Etc::preferences "$state/none/preferences";
Dir::Etc::preferencesparts "$state/none";
#clear APT::Architectures;
APT::Architectures { $(printf '"%s"; ' $architectures)};
APT::Default-Release "";
APT::Sandbox::User "root";
APT::Update::Error-Mode "any";
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
Acquire::Languages "none";
Acquire::PDiffs "false";
Acquire::Retries "3";
CONF

keyring=/usr/share/keyrings/debian-archive-keyring.gpg
options="target=Packages"
[[ -e $keyring ]] && options+=" signed-by=$keyring"

# An archive has what was asked for when its lists can be read and its packages downloaded.
download_from() {
  echo "deb [$options] $1 $suite ${components[*]}" >"$state/sources.list"
  apt-get -qq -c "$state/apt.conf" update &&
    (cd "$state/debs" && apt-get -qq -c "$state/apt.conf" download "${missing[@]}")
}

download() {
  local attempt mirror
  for attempt in 1 2 3; do
    : >"$state/log"
    for mirror in "${found[@]}"; do
      download_from "$mirror" >>"$state/log" 2>&1 && return
    done
    ((attempt == 3)) || sleep $((attempt * 3))
  done
  cat "$state/log" >&2
  return 1
}

mapfile -t found < <("$(dirname "$0")/mirrors.sh")
((${#found[@]})) || die "no Debian mirror in this machine's apt configuration"
echo "parts.sh: fetching ${missing[*]} ($suite) into $dir" >&2
download || die "could not download ${missing[*]} of $suite from ${found[*]}"

# Debian's packages share one file tree since /usr was merged; older ones still name /bin and /lib.
for link in bin sbin lib lib64; do
  mkdir -p "$dir/usr/$link"
  [[ -e $dir/$link ]] || ln -s "usr/$link" "$dir/$link"
done
for deb in "$state"/debs/*.deb; do
  dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$dir" --keep-directory-symlink --no-same-owner
done
for package in "${missing[@]}"; do
  dpkg-deb --show "$state"/debs/"${package%%:*}"_*.deb >"$(stamp_of "$package")"
done
