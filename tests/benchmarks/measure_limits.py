"""Measure what the arm can take: pick and place of one box, by mass, width and height.

Run as ``python -m tests.benchmarks.measure_limits [--tries N]``. Every try draws where
the box and the pad stand and how the box is turned, picks it up by the shipped
policies, holds it for 1 s and places it on the pad; it counts where the box is sensed
on the pad afterwards. `domains/limits.py` holds limits within what succeeds always.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from contextlib import nullcontext

import numpy as np

from jouleplan.domains.body import DEFAULT_MASS_KG, Body, Size
from jouleplan.domains.facts import TABLE, Facts
from jouleplan.domains.scene import Scene
from jouleplan.domains.sense import sense
from jouleplan.domains.skill_call import SkillCall
from jouleplan.energy.statistics import wilson_interval
from jouleplan.skills.library import PolicySet, load_policies
from jouleplan.skills.pick import pick
from jouleplan.skills.place import place
from jouleplan.skills.skill import Workspace

HOLD_S = 1.0

MASSES_KG = (0.08, 0.25, 0.4, 0.5, 0.6, 0.75, 1.0, 1.5, 2.0, 3.0)
WIDTHS_M = (0.02, 0.05, 0.066, 0.070, 0.072, 0.074, 0.076, 0.078)
LENGTHS_M = (0.066, 0.1, 0.15, 0.2)
HEIGHTS_M = (0.004, 0.006, 0.008, 0.010, 0.014, 0.020, 0.045)
HIGH_M = (0.066, 0.07, 0.075, 0.08, 0.085, 0.09)
DISTANCES_M = (0.26, 0.30, 0.34, 0.66, 0.70, 0.72, 0.74, 0.76, 0.78)
TALL = (1.0, 1.1, 1.2, 1.3, 1.5, 1.75, 2.0, 2.5)
"""Heights of a box 4 cm wide, over its width."""


def moved(
    policies: PolicySet,
    size: Size,
    mass: float,
    seed: int,
    distance: float | None = None,
) -> str:
    """Return "" where a box was taken, held and placed, else what went wrong.

    Args:
        policies: One a stage.
        size: Full extents of the box [m].
        mass: Its mass [kg].
        seed: Of where everything stands.
        distance: From the arm's base to the box [m]; None where the layout puts it.
    """
    box = Body("box", "movable", "box", size, mass, (1, 0, 0, 1))
    pad = Body("pad", "fixed", "box", (0.1, 0.1, 0.02), 0.0, (0.5, 0.5, 0.5, 1))
    bodies = {body.name: body for body in (box, pad)}
    rng = np.random.default_rng(seed)
    with Scene(bodies, {"pad": "row"}, Facts({"box": TABLE}), rng) as scene:
        if distance is not None:
            angle = rng.uniform(0.45, 0.9) * rng.choice((-1, 1))  # beside the pad
            at = (distance * np.cos(angle), distance * np.sin(angle), size[2] / 2)
            scene.simulator.set_pose("box", at)
        workspace = Workspace(scene, policies, lambda _: nullcontext())
        result = pick(workspace, SkillCall("pick", "box"))
        if not result.done:
            return f"pick: {result.detail}"
        scene.wait(HOLD_S)
        if sense(scene, on_table=True).held != "box":
            return "slipped"
        result = place(workspace, SkillCall("place", "box", "pad"))
        if not result.done:
            return f"place: {result.detail}"
        scene.wait(HOLD_S)
        if sense(scene, on_table=True).support.get("box") != "pad":
            return "not on the pad"
    return ""


def rows(tries: int, only: Sequence[str]) -> None:
    """Print a line for every box: how often it was moved, and why not."""
    policies = load_policies(None)
    cube, light = (0.05, 0.05, 0.04), DEFAULT_MASS_KG
    boxes: list[tuple[str, Size, float, float | None]] = [
        *(("mass", cube, mass, None) for mass in MASSES_KG),
        *(("mass", (0.066, 0.066, 0.04), mass, None) for mass in (0.5, 1.0)),
        *(("width", (w, w, min(w, 0.04)), light, None) for w in WIDTHS_M),
        *(("length", (0.05, length, 0.04), light, None) for length in LENGTHS_M),
        *(("high", (0.066, 0.066, height), light, None) for height in HIGH_M),
        *(("height", (0.05, 0.05, height), light, None) for height in HEIGHTS_M),
        *(("distance", cube, light, distance) for distance in DISTANCES_M),
        *(("tall", (0.04, 0.04, 0.04 * r), light, None) for r in TALL),
    ]
    for what, size, mass, distance in boxes:
        if only and what not in only:
            continue
        ends = [moved(policies, size, mass, seed, distance) for seed in range(tries)]
        right = ends.count("")
        low, high = wilson_interval(right, tries)
        shown = " x ".join(f"{extent:.3f}" for extent in size)
        why = {end: ends.count(end) for end in dict.fromkeys(ends) if end}
        print(
            f"{what:8} {shown} m {mass:5.2f} kg "
            f"{'' if distance is None else f'at {distance:.2f} m'}  {right:3}/{tries} "
            f"({100 * low:.0f} to {100 * high:.0f} %)  {why or ''}",
            flush=True,
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tries", type=int, default=20)
    parser.add_argument("--only", nargs="*", default=[])
    given = parser.parse_args()
    rows(given.tries, given.only)
