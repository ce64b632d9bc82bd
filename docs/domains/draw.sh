#!/usr/bin/env bash
# Draw every shipped domain: the scene of its last problem with the atoms sensed in it,
# NAME.png, and all scenes side by side, all.png. About a second a domain.
#
#   docs/domains/draw.sh
set -euo pipefail
cd "$(dirname "$0")"

jouleplan domains --json | python3 -c '
import json, sys
for name, domain in json.load(sys.stdin)["domains"].items():
    if domain["bound"] and domain["problems"]:
        print(name, domain["problems"][-1])
' | while read -r name problem; do
  jouleplan check "$name" "$problem" --seed 1 --picture "$name.png" >&2
done
python3 strip.py
