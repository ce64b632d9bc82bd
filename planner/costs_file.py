"""Writes learned costs as the file that ``--costs`` reads."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib.metadata import version

from jouleplan.planner.learned_costs import Estimate, LearnedCost, LearnedCosts

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_OF = {
    "both": "computing (no simulation) and the robot's mechanical work",
    "compute": "computing (no simulation)",
    "mechanical": "the robot's mechanical work",
}


def costs_text(learned: LearnedCosts, command: str) -> str:
    """Return the file: joules as costs, seconds and failures beside them, intervals.

    Args:
        learned: What was learned.
        command: What repeats it.
    """
    return "\n".join(_lines(learned, command)) + "\n"


def _lines(learned: LearnedCosts, command: str) -> Iterator[str]:
    every = learned.operators
    plain = [cost for cost in every if "(" not in cost.key and cost.tries]
    yield f"# Costs of operators of {_comment(learned.domain)}, a success: sums over"
    yield f"# tries by successes, from {learned.episodes} episodes. Joules are those of"
    yield f"# {_OF[learned.joules]}. Made by:"
    yield f"# {_comment(command)}"
    yield "version = 1"
    yield 'unit = "J"'
    yield "# of operators never seen: the mean"
    yield f"default = {_mean([c.energy_j.mean for c in plain]):.3f}"
    yield ""
    yield "[operators]  # --minimise energy, and what counts without --minimise"
    yield from (f"{_key(c.key)} = {c.energy_j.mean:.3f}" for c in every)
    yield ""
    yield "[time]  # --minimise time: simulated seconds"
    yield f"default = {_mean([c.seconds.mean for c in plain]):.4f}"
    yield "[time.operators]"
    yield from (f"{_key(c.key)} = {c.seconds.mean:.4f}" for c in every)
    yield ""
    yield "[failures]  # --minimise failures: -ln of the chance of success"
    yield f"default = {_mean([c.failure_cost for c in plain]):.5f}"
    yield "[failures.operators]"
    yield from (f"{_key(c.key)} = {c.failure_cost:.5f}" for c in every if c.tries)
    yield ""
    yield "[learned]  # what the figures rest on; not read by the planner"
    yield f"domain = {_text(learned.domain)}"
    yield f"method = {_text(learned.method)}"
    yield f"joules = {_text(learned.joules)}"
    yield f"episodes = {learned.episodes}"
    yield f"quality = {_text(learned.quality)}"
    yield f"sources = {json.dumps(learned.sources)}"
    yield f"hardware_ids = {json.dumps(learned.hardware_ids)}"
    yield f"jouleplan = {_text(version('jouleplan'))}"
    for table, costs in (("operators", every), ("skills", learned.skills)):
        for cost in costs:
            yield ""
            yield f"[learned.{table}.{_text(cost.key)}]"
            yield from _details(cost)


def _details(cost: LearnedCost) -> Iterator[str]:
    yield f"skill = {_text(cost.skill)}"
    yield f"source = {_text(cost.source)}"
    yield f"tries = {cost.tries}"
    yield f"successes = {cost.successes}"
    success = ("success",) if cost.tries else ()
    for name in (*success, "energy_j", "compute_j", "mechanical_j", "seconds"):
        estimate: Estimate = getattr(cost, name)
        yield f"{name} = {estimate.mean:.6g}"
        yield f"{name}_95 = [{estimate.low:.6g}, {estimate.high:.6g}]"


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)


def _text(text: str) -> str:
    # JSON's strings are TOML's basic strings, but for DEL
    return json.dumps(text).replace("\x7f", "\\u007f")


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _text(key)


def _comment(text: str) -> str:
    return " ".join(text.split())
