#!/usr/bin/env bash
# Measure every row of the README's table of results. Hours on two cores; a second run
# goes on where the first one stopped, and repeats nothing that is in the ledger.
#
#   docs/results/measure.sh [LEDGER]
set -euo pipefail
cd "$(dirname "$0")"
ledger=${1:-measured.sqlite}
jobs=${JOBS:-2}

row() { # row NAME ARGUMENT...: one evaluation into NAME.json
  local name=$1
  shift
  jouleplan evaluate "$@" --jobs "$jobs" --ledger "$ledger" --out "$name.json" \
    --json > /dev/null
  echo "$name" >&2
}

row hanoi-3 hanoi p03 --episodes 500 --seed 1000
row hanoi-4 hanoi p04 --episodes 500 --seed 1000
row hanoi-4-disturbed hanoi p04 --episodes 100 --seed 1000 --disturb 0.1
row blocksworld blocksworld --generate 5-10 --episodes 100 --seed 1000
row blocks-3op blocks-3op --generate 5-10 --episodes 100 --seed 1000
row stacking stacking --generate 3-6 --episodes 100 --seed 1000
row kitchen kitchen --generate 2-5 --episodes 100 --seed 1000
row kitchen-disturbed kitchen --generate 2-5 --episodes 100 --seed 1000 --disturb 0.1
row nut-assembly nut-assembly --generate 1-5 --episodes 100 --seed 1000
row nut-assembly-disturbed nut-assembly --generate 1-5 --episodes 100 --seed 1000 \
  --disturb 0.1
row blocks-3op-disturbed blocks-3op --generate 5-10 --episodes 100 --seed 1000 \
  --disturb 0.1
row sorting sorting --generate 3-12 --episodes 100 --seed 1000
row patterns patterns --generate 2-6 --episodes 100 --seed 1000
row assembly-line assembly-line --generate 3-8 --episodes 100 --seed 1000
row gripper gripper --generate 2-8 --episodes 100 --seed 1000
row hanoi-3-kuka hanoi p03 --episodes 100 --seed 1000 --robot kuka
row hanoi-3-xarm hanoi p03 --episodes 100 --seed 1000 --robot xarm
row hanoi-3-flat hanoi p03 --episodes 100 --seed 1000 --skills gcrl-flat
row hanoi-3-hierarchical hanoi p03 --episodes 100 --seed 1000 --skills gcrl-hierarchical
# Policies of the arms' own are not shipped; these make them, and the rows follow:
#   jouleplan train all --robot kuka --seed 3 --out kuka-own
#   jouleplan train all --robot xarm --seed 4 --out xarm-own
#   jouleplan train grasp --robot xarm --seed 4 --algorithm SAC --fresh --out xarm-own
for arm in kuka xarm; do
  if [ -d "$arm-own" ]; then
    row "hanoi-3-$arm-own" hanoi p03 --episodes 50 --seed 1000 --robot "$arm" \
      --policies "$arm-own"
  fi
done
row hanoi-5 hanoi p05 --episodes 200 --seed 1000
row hanoi-8 hanoi p08 --episodes 20 --seed 1000
row hanoi-6 hanoi p06 --episodes 200 --seed 1000
