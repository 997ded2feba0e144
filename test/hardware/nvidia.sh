#!/usr/bin/env bash
# Compares what edgegauge says of this machine's NVIDIA GPUs with what nvidia-smi says, then scrapes for a while
# and watches the memory of the process that asks the driver. Ends with 77 where there is no GPU.
#
#     test/hardware/nvidia.sh [PROGRAM]        the program: dist/edgegauge-linux-* unless named
#     SCRAPES=1000 test/hardware/nvidia.sh     scrapes of the soak, ten a second (300)
#
# shellcheck disable=SC2317 # functions that `await` and `trap` call by name
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

skip() {
  echo "nvidia.sh: skipped: $1"
  exit 77
}

command -v nvidia-smi >/dev/null || skip 'no nvidia-smi'
gpus=$(nvidia-smi --query-gpu=index --format=csv,noheader 2>/dev/null | grep -c '^[0-9]' || true)
((gpus)) || skip 'nvidia-smi finds no GPU'

case $(uname -m) in
  aarch64) arch=arm64 ;;
  *) arch=x64 ;;
esac
program=${1:-$here/../../dist/edgegauge-linux-$arch}
if ! command -v "$program" >/dev/null; then
  echo "nvidia.sh: no program $program: run make build, or name one"
  exit 1
fi
scrapes=${SCRAPES:-300}
# The probe may grow by this in a soak, in KiB: allocators take whole arenas.
growth=1024

work=$(mktemp -d)
: >"$work/log"
server=
finish() {
  [[ -z $server ]] || kill "$server" 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT

"$program" serve --web.listen-address=127.0.0.1:0 --gpu.nvidia=true --gpu.amd=false --gpu.poll-interval=100ms \
  --gpu.metrics.power-detail --gpu.metrics.clock-limit --gpu.metrics.ecc-detail 2>"$work/log" &
server=$!

# Asks until it is so, for a minute.
await() {
  local deadline=$((SECONDS + 60))
  until "$@"; do
    if ((SECONDS > deadline)) || ! kill -0 "$server" 2>/dev/null; then
      echo "nvidia.sh: gave up waiting: $*"
      cat "$work/log"
      exit 1
    fi
    sleep 0.1
  done
}

# Body of an answer 200; nothing needs to be installed for it.
get() {
  local status
  exec 3<>"/dev/tcp/127.0.0.1/$port"
  printf 'GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' "$1" >&3
  read -r _ status _ <&3
  sed '1,/^\r$/d' <&3
  exec 3>&-
  [[ $status == 200 ]]
}

listens() {
  port=$(sed -n 's/.*msg=listening address=127\.0\.0\.1:\([0-9]*\).*/\1/p' "$work/log")
  [[ -n $port ]]
}
ready() { get /-/ready >/dev/null; }
scrape() { get '/metrics?dialect=native&collect[]=gpu'; }
shown() { (($(scrape | grep -c '^gpu_info{') == gpus)); }
# Groups that are asked every tenth time are there too, and the GPU has calmed down from being opened.
samples() { scrape | sed -n 's/^edgegauge_probe_sample_timestamp_seconds{source="nvidia"} //p'; }

await listens
await ready
await shown
first=$(samples)
later() { awk -v a="$first" -v b="$(samples)" 'BEGIN { exit !(b > a + 3) }'; }
await later

# What this nvidia-smi knows: it refuses a whole query because of one name.
nvidia-smi --help-query-gpu | grep -oE '"[A-Za-z_0-9.]+"' | tr -d '"' | sort -u >"$work/known" || true
if [[ ! -s $work/known ]]; then
  echo 'nvidia.sh: nvidia-smi --help-query-gpu names no field'
  exit 1
fi
names=index
while IFS='|' read -r field _; do
  if grep -qxF -- "$field" "$work/known"; then
    names+=,$field
  else
    echo "not asked, unknown to this nvidia-smi: $field"
  fi
done < <(grep -v '^#' "$here/nvidia.fields")

scrape >"$work/before"
if ! nvidia-smi --query-gpu="$names" --format=csv,noheader,nounits >"$work/smi"; then
  echo 'nvidia.sh: nvidia-smi does not answer the query:'
  cat "$work/smi"
  exit 1
fi
first=$(samples)
newer() { [[ $(samples) != "$first" ]]; }
await newer
scrape >"$work/after"

"$program" version
status=0
awk -v names="$names" -f "$here/compare.awk" \
  "$here/nvidia.fields" "$work/before" "$work/after" "$work/smi" || status=$?

# The process that calls into the driver's library.
probe() {
  local child
  while read -r child; do
    if tr '\0' ' ' <"/proc/$child/cmdline" | grep -q ' probe nvidia '; then echo "$child"; fi
  done < <(cat /proc/"$server"/task/*/children | tr ' ' '\n' | grep .)
}
anonymous() { awk '/^RssAnon:/ { print $2 }' "/proc/$1/status"; }

child=$(probe)
if [[ -z $child ]]; then
  echo 'nvidia.sh: no process "probe nvidia"'
  exit 1
fi
before=$(anonymous "$child")
for ((i = 1; i <= scrapes; i++)); do
  scrape >/dev/null
  sleep 0.1
  ((i % ((scrapes + 4) / 5))) || echo "scrape $i: RssAnon of the probe $(anonymous "$child") KiB, of the server $(anonymous "$server") KiB"
done
after=$(anonymous "$child")
echo "$scrapes scrapes: RssAnon of the probe $before KiB before, $after KiB after"
if ((after > before + growth)); then
  echo "nvidia.sh: the probe grew by more than $growth KiB"
  status=1
fi
exit "$status"
