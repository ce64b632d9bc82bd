"""Print the table of results from the JSON files beside this script.

Run: ``python docs/results/table.py``, with ``--readme`` for the rows that the README
shows. ``measure.sh`` makes the files.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Container
from pathlib import Path
from typing import Any

ROWS = {
    "hanoi-3": "Hanoi, 3 disks",
    "hanoi-4": "Hanoi, 4 disks",
    "hanoi-5": "Hanoi, 5 disks",
    "hanoi-6": "Hanoi, 6 disks",
    "hanoi-8": "Hanoi, 8 disks",
    "hanoi-4-disturbed": "Hanoi, 4 disks, an outside hand in 10 % of the operators",
    "hanoi-3-kuka": "Hanoi, 3 disks, a KUKA iiwa 14 with the Panda's policies",
    "hanoi-3-kuka-own": "Hanoi, 3 disks, a KUKA iiwa 14 with policies of its own",
    "hanoi-3-xarm": "Hanoi, 3 disks, an xArm 6 with the Panda's policies",
    "hanoi-3-xarm-own": "Hanoi, 3 disks, an xArm 6 with policies of its own",
    "hanoi-3-flat": "Hanoi, 3 disks, a flat option learned offline",
    "hanoi-3-hierarchical": "Hanoi, 3 disks, a hierarchical option learned offline",
    "blocksworld": "Blocksworld, 5 to 10 blocks, random",
    "blocks-3op": "Blocksworld by moves, 5 to 10 blocks, random",
    "blocks-3op-disturbed": (
        "Blocksworld by moves, an outside hand in 10 % of the operators"
    ),
    "stacking": "Stacking by size, 3 to 6 boxes, random",
    "sorting": "Sorting by type, 3 to 12 things, random",
    "patterns": "Pattern replication, 2 to 6 models, random",
    "assembly-line": "Assembly-line sorting, 3 to 8 parts, random",
    "gripper": "Gripper (IPC), one hand, 2 to 8 balls, random",
    "kitchen": "Kitchen, 2 to 5 pots and food, stoves switched, random",
    "kitchen-disturbed": "Kitchen, an outside hand in 10 % of the operators",
    "nut-assembly": "Nuts over posts, 1 to 5 nuts, random",
    "nut-assembly-disturbed": (
        "Nuts over posts, an outside hand in 10 % of the operators"
    ),
}
README_ROWS = (
    "hanoi-3",
    "hanoi-4",
    "hanoi-6",
    "hanoi-8",
    "hanoi-4-disturbed",
    "hanoi-3-kuka",
    "blocksworld",
    "sorting",
    "kitchen",
    "nut-assembly-disturbed",
)
"""The rows of the README; all stand in the documents."""
HEAD = (
    "task, jittered by seed",
    "solved / episodes",
    "95 % interval (Wilson)",
    "operators right the first time",
    "simulated s a move",
    "J an episode, estimated",
)


def table(folder: Path, shown: Container[str] = ROWS) -> str:
    """Return the table of the rows shown that were measured, as Markdown."""
    lines = ["| " + " | ".join(HEAD) + " |", "|---" * len(HEAD) + "|"]
    for name, title in ROWS.items():
        file = folder / f"{name}.json"
        if name in shown and file.is_file():
            lines.append(row(title, json.loads(file.read_text(encoding="utf-8"))))
    return "\n".join(lines)


def row(title: str, found: dict[str, Any]) -> str:
    """Return one line of the table."""
    assert found["energy_quality"] == "estimated"
    low, high = (percent(x) for x in found["wilson_95"])
    first = found["operators"]
    cells = (
        title,
        f"{found['successes']} / {found['episodes']}",
        f"{low} to {high} %",
        f"{first['first_time_right']} / {first['first_tried']}",
        f"{found['simulated_s_per_move']:.2f}",
        f"{found['energy_j_per_episode']:.1f}",
    )
    return "| " + " | ".join(cells) + " |"


def percent(share: float) -> str:
    """Return a share in per cent, rounded to a tenth."""
    return f"{100 * share:.1f}"


if __name__ == "__main__":
    chosen = README_ROWS if "--readme" in sys.argv[1:] else ROWS
    print(table(Path(__file__).parent, chosen))
