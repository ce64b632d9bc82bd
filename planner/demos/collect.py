"""Collect: scene after scene demonstrated into a store, until there are enough."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jouleplan.energy.meter import Meter
from jouleplan.planner.demos.episode import demonstrate
from jouleplan.planner.demos.store import DemoStore, SceneEntry
from jouleplan.planner.errors import DemonstrationError
from jouleplan.planner.evaluate import Series, draw_problem, task_of
from jouleplan.planner.phases import by_phase
from jouleplan.skills.library import PolicySet

FAILURES: Final = 50
"""Scenes in a row without a success: collecting is given up."""


@dataclass(frozen=True, slots=True)
class Demand:
    """What the demonstrations shall be.

    Attributes:
        series: Whose scenes are demonstrated: a problem, or generated ones.
        side: Width and height of the pictures [px].
        noise: Standard deviation of what disturbs the arm, over ``MAX_STEP_M``.
        keep_failures: Whether episodes that miss their goal are stored, too.
    """

    series: Series
    side: int = 128
    noise: float = 0.0
    keep_failures: bool = False


def collect(
    demand: Demand,
    episodes: int,
    seed: int,
    store: DemoStore,
    policies: PolicySet,
    *,
    most_failures: int = FAILURES,
    report: Callable[[DemoStore], None] | None = None,
) -> None:
    """Add demonstrations to ``store`` until it holds ``episodes``.

    Args:
        demand: What they shall be.
        episodes: How many in all, those in the store included.
        seed: Of the first scene; each further scene has the next one.
        store: Grows by an episode at a time; scenes that it knows are not run again.
        policies: What acts, one a stage.
        most_failures: So many scenes in a row may miss their goal.
        report: Called after each scene.

    Raises:
        DomainError: A problem cannot be drawn or laid out.
        DemonstrationError: ``most_failures`` scenes in a row missed their goal.
    """
    meter, failed = Meter(), 0
    with meter.phase("collecting"):
        while store.kept < episodes:
            if seed not in store.scenes:
                entry = _scene(demand, seed, store, policies, meter)
                if report is not None:
                    report(store)
                failed = 0 if entry.success else failed + 1
                if failed == most_failures:
                    raise DemonstrationError(
                        f"{failed} scenes in a row missed their goal, the last because "
                        f"{entry.cause}; see `jouleplan solve`, or lower --noise"
                    )
            seed += 1


def _scene(
    demand: Demand, seed: int, store: DemoStore, policies: PolicySet, meter: Meter
) -> SceneEntry:
    """Demonstrate one scene, store it or not, and take note of it."""
    mark = meter.mark()
    with tempfile.TemporaryDirectory(prefix="jouleplan-") as folder:
        with meter.phase("drawing"):
            task = task_of(draw_problem(demand.series, seed, Path(folder)))
        done = demonstrate(
            task, policies, seed, meter, side=demand.side, noise=demand.noise
        )
    reached, cause = done.episode.goal_reached, done.episode.cause
    entry = SceneEntry(False, reached, cause=cause)
    if done.demo is not None and (reached or demand.keep_failures):
        with meter.phase("encoding"):
            entry = store.write(done.demo, cause, by_phase(meter.since(mark)))
    store.note(seed, entry, by_phase(meter.since(mark)))
    return entry
