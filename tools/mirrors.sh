#!/usr/bin/env bash
# Prints the archives that this machine takes its own main component of Debian from, one a line, as apt itself
# understands its sources (one-line and deb822 alike).
set -euo pipefail

apt-get update --print-uris 2>/dev/null |
  sed -nE "s|^'(.*)/dists/([^/]+)/main/binary-.*|\1 \2|p" |
  grep -vE -- '-(security|updates|backports|backports-sloppy|proposed-updates)$' |
  cut -d' ' -f1 | awk '!seen[$0]++'
