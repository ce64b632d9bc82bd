#!/usr/bin/env bash
# Measure the policy from pixels beside the planner with learned skills. About an hour of
# one core; a second run goes on where the first one stopped.
#
#   docs/results/vla.sh [LEDGER]
#
# The policies were made by
#   jouleplan collect hanoi --generate move:3-3 --episodes 400 --noise 0.3 \
#     --seed 1000000 --out moves3
#   jouleplan collect hanoi p03 --episodes 117 --noise 0.3 --seed 2000000 --out hanoi3
#   jouleplan train vla --data moves3 --seed 3 --updates 6000 --out guided
#   jouleplan train vla --data moves3 hanoi3 --seed 3 --updates 12000 --out end-to-end
set -euo pipefail
cd "$(dirname "$0")"
ledger=${1:-vla.sqlite}
both=vla-planner-guided,vla-end-to-end

row() { # row NAME ARGUMENT...: one comparison into NAME.json
  local name=$1
  shift
  jouleplan compare --domains hanoi "$@" --ledger "$ledger" --json > "$name.json.part"
  mv "$name.json.part" "$name.json"
  echo "$name" >&2
}

row vla-moves --methods "$both" --generate move:3-3 --episodes 200 --seed 1000
row vla-hanoi-3 --methods "neurosymbolic,$both" --problem p03 --episodes 100 --seed 1000
row vla-hanoi-4 --methods "neurosymbolic,$both" --problem p04 --episodes 100 --seed 1000
