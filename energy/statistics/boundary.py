"""Boundary: what joules would be, were a part of the episode left out."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from jouleplan.energy.statistics.estimate import Estimate, nothing
from jouleplan.energy.statistics.intervals import mean
from jouleplan.energy.statistics.ratio import energy_per_success
from jouleplan.energy.statistics.verdicts import verdicts

if TYPE_CHECKING:
    import numpy as np
    import pandas


@dataclass(frozen=True, slots=True)
class Boundary:
    """A line drawn round what is counted.

    Attributes:
        name: For people.
        left_out: Phases that are not counted, by the last part of their names.
        component: Component that is not counted, e.g. "ram"; empty for none.
        above_idle: Whether what an idle machine would have used is taken off.
    """

    name: str
    left_out: frozenset[str] = frozenset()
    component: str = ""
    above_idle: bool = False


SIMULATOR: Final = frozenset(("simulation", "scene", "rendering"))
"""Phases that stand for the world: no robot pays for them."""

BOUNDARIES: Final = (
    Boundary("everything"),
    Boundary("without simulation", SIMULATOR),
    Boundary("without sensing", frozenset(("sensing",))),
    Boundary("without idle", frozenset(("idle",))),
    Boundary("without RAM", component="ram"),
    Boundary("above an idle machine", above_idle=True),
)
"""The boundaries that a comparison is shown with."""


@dataclass(frozen=True, slots=True)
class WithinBoundary:
    """Joules within one boundary.

    Attributes:
        boundary: Its name.
        per_episode: Joules an episode [J]; no value where the ledger does not tell.
        per_success: Joules a success, failures included [J].
    """

    boundary: str
    per_episode: Estimate
    per_success: Estimate

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "boundary": self.boundary,
            "per_episode": self.per_episode.as_dict(),
            "per_success": self.per_success.as_dict(),
        }


def by_boundary(
    episodes: pandas.DataFrame,
    phases: pandas.DataFrame,
    rng: np.random.Generator,
    boundaries: tuple[Boundary, ...] = BOUNDARIES,
) -> tuple[WithinBoundary, ...]:
    """Return joules within each boundary, for episodes of one quality.

    Args:
        episodes: Columns id, success, energy_j, idle_j and components, as in a ledger.
        phases: Columns episode, phase and energy_j; those of other episodes are
            ignored.
        rng: Source of the resampling.
        boundaries: What is counted.
    """
    leaf = phases["phase"].str.rsplit("/", n=1).str[-1].str.removesuffix(" (other)")
    success = verdicts(episodes["success"])
    found: dict[str, WithinBoundary] = {}
    known: dict[tuple[float, ...], str] = {}
    for boundary in boundaries:
        name = boundary.name
        energy = _within(boundary, episodes, phases, leaf)
        if energy is None:
            found[name] = WithinBoundary(name, *[nothing(len(episodes))] * 2)
            continue
        joules = tuple(energy.clip(lower=0.0).tolist())
        # what leaves nothing out is not resampled again
        same = found.get(known.setdefault(joules, name))
        found[name] = (
            WithinBoundary(
                name, mean(joules, rng), energy_per_success(joules, success, rng)
            )
            if same is None
            else replace(same, boundary=name)
        )
    return tuple(found.values())


def _within(
    boundary: Boundary,
    episodes: pandas.DataFrame,
    phases: pandas.DataFrame,
    leaf: pandas.Series,
) -> pandas.Series | None:
    """Return every episode's joules, or None where the ledger does not tell."""
    energy = episodes["energy_j"].astype(float)
    if boundary.left_out:
        out = phases[leaf.isin(boundary.left_out)].groupby("episode")["energy_j"].sum()
        energy = energy - episodes["id"].map(out).fillna(0.0)
    if boundary.component:
        part = episodes["components"].map(
            lambda text: json.loads(text).get(boundary.component, 0.0)
        )
        energy = energy - part.astype(float)
    if boundary.above_idle:
        idle = episodes["idle_j"].astype(float)
        if idle.isna().any():
            return None
        energy = energy - idle
    return energy
