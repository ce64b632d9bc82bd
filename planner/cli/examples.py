"""Examples: for every command, lines that run as they stand in an empty folder."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_LEDGER: Final = (
    "jouleplan evaluate hanoi p03 --episodes 2 --seed 1000 --ledger seen.db"
)

EXAMPLES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "plan": (
            "jouleplan plan hanoi p04",
            "jouleplan plan hanoi p04 --optimal --graph plan.svg",
        ),
        "solve": ("jouleplan solve hanoi p03 --seed 7 --gif hanoi.gif",),
        "evaluate": (
            "jouleplan evaluate hanoi p03 --episodes 4 --seed 1000 --jobs 2",
            "jouleplan evaluate blocksworld --generate 3-5 --episodes 2 --seed 1000",
        ),
        "compare": (
            "jouleplan compare --methods neurosymbolic,scripted --domains hanoi \\",
            "  --problem p03 --episodes 2 --seed 5 --ledger methods.db",
        ),
        "report": (
            "jouleplan compare --episodes 2 --seed 5 --ledger methods.db",
            "jouleplan report methods.db -o report.html",
        ),
        "bind": ("jouleplan bind hanoi p03 --out proposed.toml",),
        "check": ("jouleplan check hanoi p03 --picture scene.png",),
        "new": ("jouleplan new parcels", "jouleplan check ./parcels"),
        "generate": (
            "jouleplan generate blocksworld --size 6 --count 3 --seed 7 --out more",
        ),
        "learn-domain": (
            "jouleplan evaluate hanoi p03 --episodes 1 --transitions seen.jsonl",
            "jouleplan learn-domain seen.jsonl --out learned.pddl",
        ),
        "learn-costs": (
            _LEDGER,
            "jouleplan learn-costs seen.db --out learned.toml",
            "jouleplan plan hanoi p04 --costs learned.toml --minimise energy",
        ),
        "collect-play": (
            "jouleplan collect-play hanoi p03 --steps 40000 --out play --seed 1",
        ),
        "collect": ("jouleplan collect hanoi p03 --episodes 2 --out demos --seed 1",),
        "serve": ("jouleplan serve smolvla-random --port 8000",),
        "train": (
            "jouleplan train reach --seed 3 --out policies",
            "jouleplan skills --policies policies",
        ),
        "ledger": (_LEDGER, "jouleplan ledger show seen.db"),
        "ledger show": (_LEDGER, "jouleplan ledger show seen.db"),
        "ledger merge": (
            _LEDGER,
            "jouleplan ledger merge seen.db seen.db --out all.db",
        ),
        "ledger export": (_LEDGER, "jouleplan ledger export seen.db --out tables"),
        "domains": ("jouleplan domains",),
        "engines": ("jouleplan engines",),
        "skills": ("jouleplan skills",),
        "doctor": ("jouleplan doctor",),
        "completion": ("source <(jouleplan completion bash)",),
    }
)
"""Command, or command and what is below it -> what a user types."""

START: Final = """\
jouleplan: plan in symbols, act with learned skills, count every joule.

Type first:
  jouleplan solve hanoi p03 --seed 7 --gif hanoi.gif   plan, act, film
  jouleplan plan hanoi p04                             plan only
  jouleplan domains                                    what is shipped
  jouleplan doctor                                     whether all works here

Then:
  jouleplan --help                                     every command
  jouleplan COMMAND --help                             one, with an example
"""
"""What `jouleplan` alone tells."""


def epilog(command: str) -> str:
    """Return the end of a command's help: its example."""
    lines = EXAMPLES.get(command, ())
    if not lines:
        return ""
    return "example:\n" + "\n".join(f"  {line}" for line in lines)
