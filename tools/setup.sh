#!/usr/bin/env bash
# Installs what package-lock.json pins, Bun among it, when it is not there yet. Needs node and npm.
set -euo pipefail
cd "$(dirname "$0")/.."

die() {
  echo "setup: $*" >&2
  exit 1
}

stamp=node_modules/.setup
bun=node_modules/.bin/bun

command -v node >/dev/null && command -v npm >/dev/null || die 'Node.js 20 or newer with npm is needed'
major=$(node -p 'process.versions.node.split(".")[0]')
((major >= 20)) || die "Node.js 20 or newer is needed, this is $(node --version)"

if [[ ! -e $stamp || package-lock.json -nt $stamp || package.json -nt $stamp ]]; then
  npm ci --no-audit --no-fund --fetch-retries=5
fi

pinned=$(node -p 'require("./package.json").devDependencies.bun')
have() {
  [[ $("$bun" --version 2>/dev/null) == "$pinned" ]]
}
# npm may be configured to run no install scripts; Bun's puts the program into its place.
have || node node_modules/bun/install.js
have || die "$bun is not the Bun $pinned that package.json pins; remove node_modules and try again"
touch "$stamp"
