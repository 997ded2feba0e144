#!/usr/bin/env bash
# Runs the tests (all, or what the arguments say to `bun test`) and ends with one line of counts.
# The exit status is that of `bun test`, except that a run which ends without its summary has failed:
# a test that calls process.exit(0) ends it early, and Bun calls that success.
set -uo pipefail
cd "$(dirname "$0")/.."

(($#)) || set -- ./src ./ffi ./test ./tools

log=$(mktemp)
trap 'rm -f "$log"' EXIT
# One file after the other: many tests start servers and compare two programs on the live machine,
# and two such files at once on two cores disturb each other. Within the files of bunfig.toml that mostly
# wait, four tests at once.
node_modules/.bin/bun test --no-orphans --timeout 60000 --max-concurrency=4 "$@" 2>&1 | tee "$log"
status=${PIPESTATUS[0]}

# The block of counts that Bun prints right above its last "Ran N tests" line.
summary=$(tac "$log" | awk '
  /^Ran [0-9]+ tests? across / { inside = 1; next }
  inside && /^ *[0-9]+ / { print; next }
  inside { exit }')

count() {
  awk -v word="$1" '$2 == word { n = $1 } END { print n + 0 }' <<<"$summary"
}

failed=$(count fail)
skipped=$(($(count skip) + $(count todo)))
if [[ -z $summary ]]; then
  echo 'test.sh: bun test ended without a summary'
  ((status)) || status=1
fi
if [[ ${CI:-} == true ]] && ((skipped)); then
  echo 'test.sh: with CI=true a skipped test is a failure'
  ((status)) || status=1
fi
((status && !failed)) && failed=1

line="$(count pass) passed, $failed failed"
((skipped)) && line+=", $skipped skipped"
echo "$line"
exit "$status"
