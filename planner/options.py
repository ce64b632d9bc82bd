"""Options: what is asked of planning, and whether it can be asked."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jouleplan.planner.costs import Costs
from jouleplan.planner.engines.registry import ENGINES
from jouleplan.planner.errors import LimitError, UnfitEngineError, UnknownEngineError

if TYPE_CHECKING:
    from jouleplan.planner.restriction import Restriction

AUTO = "auto"
ENGINE_CHOICES = (AUTO, *ENGINES)
"""What ``engine`` may be."""

LEAST_MEMORY_MB = 64
"""Least memory limit: a Python interpreter starts within it."""


@dataclass(frozen=True, slots=True)
class Options:
    """What is asked for.

    Attributes:
        engine: One of ``ENGINE_CHOICES``.
        time_limit_s: Wall seconds for everything.
        memory_limit_mb: MiB for the processes of an engine together.
        seed: Seed of engines that make random choices.
        optimal: Whether only a plan that is proven best will do.
        anytime: Whether to go on to better plans until the limit.
        top_k: How many of the best plans to find; 0 for one plan.
        costs: What operators cost, instead of the task's own metric.
        restriction: What the ground operators of a plan must keep to beside the task.
    """

    engine: str = AUTO
    time_limit_s: float = 30.0
    memory_limit_mb: int = 4096
    seed: int | None = None
    optimal: bool = False
    anytime: bool = False
    top_k: int = 0
    costs: Costs | None = None
    restriction: Restriction | None = None

    @property
    def rewrites(self) -> bool:
        """Whether the task to plan is another than the files state."""
        return self.costs is not None or self.restriction is not None

    @property
    def translates(self) -> bool:
        """Whether a translation of the files is likely to be of use."""
        if self.rewrites:
            return False
        named = ENGINES.get(self.engine)
        return self.engine == AUTO or (named is not None and named.translates)


def check_options(options: Options) -> None:
    """Raise where options do not go together; see ``plan_files``."""
    # not ENGINE_CHOICES: an engine may have been listed since, e.g. in a notebook
    if options.engine != AUTO and options.engine not in ENGINES:
        raise UnknownEngineError(options.engine, (AUTO, *ENGINES))
    if (
        not (0 < options.time_limit_s < math.inf)
        or options.memory_limit_mb < LEAST_MEMORY_MB
    ):
        raise LimitError(
            f"time limit {options.time_limit_s} s and memory limit "
            f"{options.memory_limit_mb} MB; give a positive, finite time and "
            f"{LEAST_MEMORY_MB} MB or more"
        )
    asked = {
        "--optimal": (options.optimal, "optimal"),
        "--anytime": (options.anytime, "anytime"),
        "--top-k": (options.top_k > 0, "top_k"),
    }
    chosen = [word for word, (given, _) in asked.items() if given]
    if len(chosen) > 1:
        raise UnfitEngineError(f"{' and '.join(chosen)} do not go together; give one")
    if options.engine == AUTO or not chosen:
        return
    trait = asked[chosen[0]][1]
    if not getattr(ENGINES[options.engine], trait):
        able = ", ".join(name for name, e in ENGINES.items() if getattr(e, trait))
        raise UnfitEngineError(
            f"{options.engine} cannot do {chosen[0]}; engines that can: {able}"
        )
