"""Collect: scene after scene demonstrated into a store, until there are enough."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from jouleplan.energy.meter import Meter
from jouleplan.planner.demos.episode import demonstrate
from jouleplan.planner.demos.store import DemoStore, SceneEntry
from jouleplan.planner.errors import DemonstrationError
from jouleplan.planner.evaluate import Series, draw_problem, task_of
from jouleplan.planner.phases import by_phase
from jouleplan.skills.library import load_policies

FAILURES: Final = 50
"""Scenes in a row without a success: collecting is given up."""


def collect(
    series: Series,
    episodes: int,
    seed: int,
    store: DemoStore,
    *,
    side: int,
    noise: float = 0.0,
    keep_failures: bool = False,
    policies: Path | None = None,
    report: Callable[[DemoStore], None] | None = None,
) -> None:
    """Add demonstrations to ``store`` until it holds ``episodes``.

    Args:
        series: Whose scenes are demonstrated: a problem, or generated ones.
        episodes: How many in all, those in the store included.
        seed: Of the first scene; each further scene has the next one.
        store: Grows by an episode at a time; scenes that it knows are not run again.
        side: Width and height of the pictures [px].
        noise: Standard deviation of what disturbs the arm, over ``MAX_STEP_M``.
        keep_failures: Whether episodes that miss their goal are stored, too.
        policies: Folder of policies; None takes the shipped ones.
        report: Called after each scene.

    Raises:
        DomainError: A problem cannot be drawn or laid out.
        DemonstrationError: ``FAILURES`` scenes in a row missed their goal.
    """
    meter = Meter()
    with meter.phase("collecting"):
        mark = meter.mark()
        with meter.phase("loading"):
            acting = load_policies(policies)
        failed = 0
        while store.kept < episodes:
            if seed not in store.scenes:
                with tempfile.TemporaryDirectory(prefix="jouleplan-") as folder:
                    with meter.phase("drawing"):
                        task = task_of(draw_problem(series, seed, Path(folder)))
                    done = demonstrate(
                        task, acting, seed, meter, side=side, noise=noise
                    )
                reached, cause = done.episode.goal_reached, done.episode.cause
                entry = SceneEntry(False, reached, cause=cause)
                if done.demo is not None and (reached or keep_failures):
                    with meter.phase("encoding"):
                        used = by_phase(meter.since(mark))
                        entry = store.write(done.demo, cause, used)
                store.note(seed, entry, by_phase(meter.since(mark)))
                mark = meter.mark()
                if report is not None:
                    report(store)
                failed = 0 if reached else failed + 1
                if failed == FAILURES:
                    raise DemonstrationError(
                        f"{FAILURES} scenes in a row missed their goal, the last "
                        f"because: {cause}; see `jouleplan solve`, or lower --noise"
                    )
            seed += 1
